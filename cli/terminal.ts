import { styleText } from 'node:util';

type Colour = 'red' | 'bold' | 'dim';

/** Coloured where a person is watching and NO_COLOR is not set (https://no-color.org). */
export function paint(stream: NodeJS.WriteStream, colour: Colour, text: string): string {
  return styleText(colour, text, { stream });
}

/**
 * Without control characters: what stands in a document must not move the cursor or rename the window.
 *
 * @example printable('a\u001b[2Jb\n') // 'a[2Jb\n'
 */
export function printable(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '');
}

export function printError(message: string): void {
  process.stderr.write(`${paint(process.stderr, 'red', 'error:')} ${message}\n`);
}
