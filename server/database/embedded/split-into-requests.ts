/** Message types of PostgreSQL's protocol 3.0 after which the client waits for an answer. */
const SYNC = 'S'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);

/**
 * Cuts a client's bytes, which come in any pieces, into requests: the startup message, then each time
 * everything up to a Sync or a simple query (PostgreSQL's protocol 3.0, "Message Flow").
 *
 * @returns what to call with the next piece.
 */
export function splitIntoRequests(
  onRequest: (messages: Buffer) => void,
  onEnd: () => void,
): (data: Buffer) => void {
  let started = false;
  let pieces: Buffer[] = [];
  let size = 0;
  /** Bytes known to be needed for the next message: a large one is put together once, not at every piece. */
  let needed = 8;
  return data => {
    pieces.push(data);
    size += data.length;
    if (size < needed) return;
    const bytes = pieces.length === 1 ? data : Buffer.concat(pieces, size);
    let request = 0;
    let message = 0;
    for (;;) {
      const available = bytes.length - message;
      const header = started ? 5 : 4;
      const length =
        available < header
          ? header
          : started
            ? 1 + bytes.readInt32BE(message + 1)
            : bytes.readInt32BE(message);
      if (available < length || available < header) {
        needed = message - request + length;
        break;
      }
      const type = started ? bytes[message] : QUERY;
      started = true;
      message += length;
      if (type === TERMINATE) return onEnd();
      if (type !== SYNC && type !== QUERY) continue;
      onRequest(bytes.subarray(request, message));
      request = message;
    }
    pieces = request < bytes.length ? [bytes.subarray(request)] : [];
    size = bytes.length - request;
  };
}
