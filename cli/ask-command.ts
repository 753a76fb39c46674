import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { streamEvent } from '../contract/chat.ts';
import { id } from '../contract/scalars.ts';
import { AnswerPrinter } from './answer-printer.ts';
import { ApiClient } from './api-client.ts';
import { ServerAwayError } from './api-errors.ts';
import { connect } from './connect.ts';
import { serverOption } from './server-option.ts';
import { printError } from './terminal.ts';

type Options = { session?: number; json?: true; server?: string };

export function addAskCommand(program: Command, signal: AbortSignal): void {
  program
    .command('ask')
    .description('ask your documents; the answer comes with its sources')
    .argument('<question...>', 'the question, best in quotation marks')
    .option('--session <id>', 'go on in this session, with what was said before', parseId)
    .option('--json', 'print the events of the answer, one JSON object a line')
    .addOption(serverOption())
    .addHelpText(
      'after',
      `
Examples:
  $ lectern ask "How long is the warranty on the battery?"
  $ lectern ask --session 1 "And for the City of Randmark?"`,
    )
    .action(async (words: string[], { server, ...options }: Options) => {
      const connection = await connect(server, signal);
      try {
        const client = new ApiClient(connection, signal);
        process.exitCode = await ask(client, { ...options, question: words.join(' ') });
      } finally {
        await connection.close();
      }
    });
}

const eventInJson = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(streamEvent);

type Question = Omit<Options, 'server'> & { question: string };

/** @returns the exit code. */
async function ask(client: ApiClient, { question, session, json }: Question): Promise<number> {
  const sessionId = session ?? (await client.createSession());
  const printer = new AnswerPrinter(process.stdout);
  for await (const data of client.ask(sessionId, question)) {
    const event = eventInJson.safeParse(data).data;
    if (json) process.stdout.write(`${data}\n`);
    else if (event) printer.print(event); // What this version does not know is left out.
    if (event?.type === 'error') {
      if (!json) printer.endLine();
      printError(event.message);
      return 1;
    }
    if (event?.type === 'done') {
      if (!json) printer.finish(sessionId);
      return 0;
    }
  }
  throw new ServerAwayError('The answer ended before it was complete.');
}

function parseId(given: string): number {
  const parsed = z.coerce.number().pipe(id).safeParse(given);
  if (!parsed.success) throw new InvalidArgumentError('Expected the number of a session.');
  return parsed.data;
}
