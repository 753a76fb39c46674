import { readFile } from 'node:fs/promises';
import { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { StartError } from '../errors.ts';

/** The paths of PEM files. */
export type TlsFiles = { certificate: string; key: string };

type TlsOptions = { cert: Buffer; key: Buffer; minVersion: 'TLSv1.2'; handshakeTimeout: number };

/** Whoever connects and says nothing keeps a stop from ending for no longer. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** @throws StartError when a file can't be read, or they do not belong together. */
export async function readTls({ certificate, key }: TlsFiles): Promise<TlsOptions> {
  try {
    const pair = { cert: await readFile(certificate), key: await readFile(key) };
    createSecureContext(pair);
    return { ...pair, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `TLS_CERT and TLS_KEY can't be used: ${reason}. They are the paths of a certificate (with those between it and its authority) and of its key, in PEM form.`,
      { cause: error },
    );
  }
}

/** New connections get the certificate that the files hold now; open ones go on. */
export async function reloadTls({ server }: FastifyInstance, files: TlsFiles): Promise<void> {
  const listener: unknown = server;
  if (listener instanceof Server) listener.setSecureContext(await readTls(files));
}
