/** A backup can't be restored here; the message says to people why, and what to do. Nothing was changed. */
export class RestoreError extends Error {
  override name = 'RestoreError';
}
