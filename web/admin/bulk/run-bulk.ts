import type { BulkResult } from '../../../contract/administration/lists.ts';
import { request } from '../../api/request.ts';

/** The most rows that one request takes. */
const MOST_AT_ONCE = 200;

/**
 * Does something with any number of rows, one request after the other.
 *
 * @throws ApiError when a request as a whole is refused; what those before it did stays done.
 */
export async function runBulk(path: string, action: string, ids: readonly number[]): Promise<BulkResult> {
  const whole: BulkResult = { results: [], done: 0, failed: 0 };
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
    const part = await request<BulkResult>(`${path}bulk/`, {
      method: 'POST',
      body: { action, ids: ids.slice(at, at + MOST_AT_ONCE) },
    });
    whole.results.push(...part.results);
    whole.done += part.done;
    whole.failed += part.failed;
  }
  return whole;
}
