import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

/** Fields that may hold a secret, down to two levels of nesting. */
const secretFields = [
  'authorization',
  'cookie',
  'apiKey',
  'groqApiKey',
  'llmApiKey',
  'embeddingApiKey',
  'rerankerApiKey',
  'secretKey',
  'password',
  'databaseUrl',
];

/**
 * JSON lines on standard output, or readable ones where a person is watching.
 * `destination` lets a test read what was logged.
 */
export function createLogger(
  options: { level: string; readable: boolean },
  destination?: DestinationStream,
): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: secretFields.flatMap(field => [field, `*.${field}`, `*.*.${field}`]),
    },
    destination ?? (options.readable ? readable() : pino.destination({ fd: 1, sync: false })),
  );
}

function readable(): DestinationStream {
  return pretty({
    colorize: process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'reqId',
    sync: true,
  });
}
