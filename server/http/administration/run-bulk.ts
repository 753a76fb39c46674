import type { BulkResult } from '../../../contract/administration/lists.ts';
import { AppError } from '../../errors.ts';

/** Does it for each, one after the other. What refuses one of them is its result; what is amiss with the server throws. */
export async function runBulk(ids: number[], act: (id: number) => Promise<void>): Promise<BulkResult> {
  const results: BulkResult['results'] = [];
  for (const id of ids) {
    try {
      await act(id);
      results.push({ id, outcome: 'done', code: null, message: null });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      results.push({ id, outcome: 'failed', code: error.code, message: error.message });
    }
  }
  const done = results.filter(({ outcome }) => outcome === 'done').length;
  return { results, done, failed: results.length - done };
}
