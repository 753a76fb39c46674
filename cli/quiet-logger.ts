import type { Config } from '../server/config.ts';
import type { Logger } from '../server/logger.ts';

/** The levels below `warn` tell a command's user nothing. */
const quietLevels = ['trace', 'debug', 'info'];

/** For a server within a command: logs warnings only, to standard error. */
export async function createQuietLogger({ logLevel }: Config): Promise<Logger> {
  // Loaded when needed: a command that finds a running server starts faster without.
  const { createLogger } = await import('../server/logger.ts');
  const { default: pretty } = await import('pino-pretty');
  const level = quietLevels.includes(logLevel) ? 'warn' : logLevel;
  const log = pretty({
    destination: 2,
    sync: true,
    colorize: process.stderr.isTTY,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'reqId',
  });
  return createLogger({ level, readable: true }, log);
}
