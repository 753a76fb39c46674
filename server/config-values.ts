import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';

type Bounds = { min: number; max: number; unit?: string };

type ValueKind =
  | 'flag'
  | 'whole_number'
  | 'decimal'
  | 'choice'
  | 'names'
  | 'text'
  | 'prices'
  | 'currency'
  | 'other';

type ValueInfo = {
  /** Completes "expected …" in an error and stands in docs/configuration.md. */
  expected: string;
  /** How a form asks for it; `other` where nobody does. */
  kind?: ValueKind;
  choices?: readonly string[];
  bounds?: Bounds;
  /** The value must never be shown, neither in an error nor in a log. */
  secret?: boolean;
};

/** What is expected of each kind of value; `valueInfo` looks through `.default()` and `.optional()`. */
const infoOfKind = z.registry<ValueInfo>();

const truths = ['true', '1', 'yes', 'on'];
const untruths = ['false', '0', 'no', 'off'];

export function flag() {
  return z
    .string()
    .toLowerCase()
    .pipe(z.enum([...truths, ...untruths]))
    .transform(word => truths.includes(word))
    .register(infoOfKind, { expected: 'true or false (also 1/0, yes/no, on/off)', kind: 'flag' });
}

export function wholeNumber({ min, max, unit }: Bounds) {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .register(infoOfKind, {
      expected: `a whole number${of(unit)} from ${min} to ${max}`,
      kind: 'whole_number',
      bounds: { min, max, ...(unit !== undefined && { unit }) },
    });
}

export function decimal({ min, max, unit }: Bounds) {
  return z
    .string()
    .regex(/^\d{1,15}(\.\d{1,15})?$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .register(infoOfKind, {
      expected: `a number${of(unit)} from ${min} to ${max}`,
      kind: 'decimal',
      bounds: { min, max, ...(unit !== undefined && { unit }) },
    });
}

export function text(expected: string) {
  return z.string().register(infoOfKind, { expected, kind: 'text' });
}

/** Names separated by commas. */
export function nameList() {
  return z
    .string()
    .transform(list =>
      list
        .split(',')
        .map(entry => entry.trim())
        .filter(entry => entry !== ''),
    )
    .register(infoOfKind, { expected: 'names of models separated by commas', kind: 'names' });
}

const onePrice = /^(?<name>[^=]+)=(?<input>\d{1,9}(?:\.\d{1,9})?)\/(?<output>\d{1,9}(?:\.\d{1,9})?)$/;

/** `model=input/output` separated by commas; by name. */
export function priceList() {
  return z
    .string()
    .transform((list, context) => {
      const prices = new Map<string, { input: number; output: number }>();
      for (const entry of list.split(',').map(each => each.trim())) {
        const { name, input, output } = onePrice.exec(entry)?.groups ?? {};
        if (name === undefined) context.addIssue({ code: 'custom', message: 'not a price' });
        else prices.set(name.trim(), { input: Number(input), output: Number(output) });
      }
      return prices;
    })
    .register(infoOfKind, {
      expected:
        'model=input/output separated by commas, the price of a million tokens each, such as `small=0.05/0.08`',
      kind: 'prices',
    });
}

export function currency() {
  return z
    .string()
    .toUpperCase()
    .regex(/^[A-Z]{3}$/)
    .register(infoOfKind, { expected: 'the three letters of a currency', kind: 'currency' });
}

export function oneOf<const Word extends string>(words: readonly Word[]) {
  return z
    .string()
    .toLowerCase()
    .pipe(z.enum(words))
    .register(infoOfKind, { expected: `one of ${words.join(', ')}`, kind: 'choice', choices: words });
}

export function secretText(expected: string) {
  return z.string().register(infoOfKind, { expected, secret: true });
}

/** A key that is sent in a header, where anything but printable ASCII would break the request. */
export function apiKey() {
  return z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .register(infoOfKind, { expected: 'a key without spaces', secret: true });
}

/** Kept without a slash at the end, so that `${baseUrl}/chat/completions` is right. */
export function baseUrl() {
  return z
    .url({ protocol: /^https?$/ })
    .transform(url => url.replace(/\/+$/, ''))
    .register(infoOfKind, { expected: 'an http:// or https:// address' });
}

/** Kept to the letter: with and without a slash at the end are two issuers. */
export function issuer() {
  return z
    .url({ protocol: /^https?$/ })
    .refine(url => url.startsWith('https:') || isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, '')))
    .register(infoOfKind, {
      expected: 'the https:// address of an OpenID provider (http:// only on this machine)',
    });
}

/** Secret as a whole, because it usually carries a password. */
export function databaseUrl() {
  return z
    .string()
    .refine(url => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url))
    .register(infoOfKind, {
      expected: 'an address that begins with postgres:// or postgresql://',
      secret: true,
    });
}

export function folder() {
  return z
    .string()
    .transform(path => resolve(path))
    .register(infoOfKind, { expected: 'a folder' });
}

export function file() {
  return z
    .string()
    .transform(path => resolve(path))
    .register(infoOfKind, { expected: 'the path of a file' });
}

export function listenAddress() {
  return z
    .string()
    .toLowerCase()
    .refine(host => isIP(host) > 0 || isHostName(host))
    .register(infoOfKind, { expected: 'an IP address or a host name, without a port' });
}

export function hostList() {
  return lowerCaseList()
    .refine(names => names.every(isAllowedHost))
    .register(infoOfKind, {
      expected:
        'host names or addresses separated by commas, without ports; .example.com for all of a domain, * for any',
    });
}

export function domainList() {
  return lowerCaseList()
    .refine(names => names.every(name => name === '*' || isHostName(name)))
    .register(infoOfKind, {
      expected: 'domains of e-mail addresses separated by commas, such as example.com; * for any',
    });
}

export function urlHostList() {
  return lowerCaseList()
    .refine(hosts => hosts.every(isUrlHost))
    .register(infoOfKind, {
      expected:
        'host names or addresses separated by commas, with a port where it is not 80, 443, 8080 or 8443; .example.com for all of a domain',
    });
}

const networkNames = ['loopback', 'linklocal', 'uniquelocal'];

/** What proxy-addr takes. */
export function networkList() {
  return lowerCaseList()
    .refine(entries => entries.every(isNetwork))
    .register(infoOfKind, {
      expected: `IP addresses or networks such as 10.0.0.0/8 separated by commas; also ${networkNames.join(', ')}`,
    });
}

function isNetwork(entry: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const version = isIP(address);
  if (version === 0) return networkNames.includes(entry);
  return bits === undefined || Number(bits) <= (version === 4 ? 32 : 128);
}

function lowerCaseList() {
  return z
    .string()
    .toLowerCase()
    .transform(list =>
      list
        .split(',')
        .map(entry => entry.trim())
        .filter(entry => entry !== ''),
    );
}

/** True for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

export function valueInfo(schema: z.ZodType): ValueInfo {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    const inner = schema.unwrap();
    return inner instanceof z.ZodType ? valueInfo(inner) : { expected: 'a value' };
  }
  return infoOfKind.get(schema) ?? { expected: 'a value' };
}

function of(unit: string | undefined): string {
  return unit === undefined ? '' : ` of ${unit}`;
}

function isAllowedHost(name: string): boolean {
  if (name === '*' || isIP(name) > 0) return true;
  if (name.startsWith('[')) return name.endsWith(']') && isIP(name.slice(1, -1)) === 6;
  return isHostName(name.startsWith('.') ? name.slice(1) : name);
}

/** With all of the internet allowed there would be nothing left to protect: no `*`. */
function isUrlHost(entry: string): boolean {
  const [, host = '', port] = /^(.*?)(?::(\d{1,5}))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  return host !== '*' && isAllowedHost(host) && (port === undefined || isPort(Number(port)));
}

const isPort = (port: number) => port >= 1 && port <= 65_535;

function isHostName(name: string): boolean {
  return (
    name.length <= 253 && /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(name)
  );
}
