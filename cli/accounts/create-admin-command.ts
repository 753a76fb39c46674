import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { z } from 'zod';
import { setUpRequest } from '../../contract/accounts/accounts.ts';
import { StartError } from '../../server/errors.ts';
import { prompt, promptHidden } from './prompt.ts';

type Options = { email?: string; name?: string; passwordStdin?: boolean };

export function addCreateAdminCommand(program: Command, signal: AbortSignal): void {
  program
    .command('create-admin')
    .description('make an administrator, who can sign in and invite others')
    .option('--email <address>', 'their e-mail address (else it is asked for)')
    .option('--name <name>', 'their name (else it is asked for)')
    .option('--password-stdin', 'read the password from standard input, for scripts')
    .addHelpText(
      'after',
      `
From the first account on, everybody has to sign in. The first administrator owns the workspace with what was
there before.

Examples:
  $ lectern create-admin
  $ lectern create-admin --email ada@example.com --name Ada --password-stdin < password.txt`,
    )
    .action(async (options: Options) => {
      const admin = await readAdmin(options, signal);
      const { makeAdmin } = await import('./make-admin.ts');
      await makeAdmin(admin);
      process.stdout.write(`${admin.email} is an administrator now.\n`);
    });
}

export type Admin = { email: string; name: string; password: string };

const fields = z.object(setUpRequest.shape).omit({ token: true });

/** @throws StartError that says what is wrong with what was given. */
async function readAdmin({ email, name, passwordStdin }: Options, signal: AbortSignal): Promise<Admin> {
  const given = {
    email: email ?? (await prompt('E-mail address: ', signal)),
    name: name ?? (await prompt('Name: ', signal)),
    password: passwordStdin ? (await text(process.stdin)).replace(/\r?\n$/, '') : await promptTwice(signal),
  };
  const parsed = fields.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new StartError(`This can't be an administrator:\n  ${problems.join('\n  ')}`);
}

async function promptTwice(signal: AbortSignal): Promise<string> {
  const password = await promptHidden('Password (at least 12 characters): ', signal);
  if ((await promptHidden('Once more: ', signal)) !== password)
    throw new StartError('The two passwords are not the same.');
  return password;
}
