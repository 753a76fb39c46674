import { RequestError } from '../../errors.ts';

/**
 * The question as it is stored and asked: lone surrogates replaced, control characters but tab and line
 * feed removed, blank ends cut.
 *
 * @throws RequestError invalid_request when nothing visible remains.
 */
export function cleanQuestion(message: string): string {
  const question = message
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '')
    .trim();
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(question))
    throw new RequestError('invalid_request', 'message: must hold a question.');
  return question;
}
