/** Fine enough for 200 tokens a second, coarse enough for hundreds of streams on one core. */
const tickMs = 5;

type Stream = {
  startedMs: number;
  tokensPerSecond: number;
  count: number;
  sent: number;
  send: (index: number) => void;
  finish: () => void;
};

const streams = new Set<Stream>();
let timer: NodeJS.Timeout | undefined;

/**
 * Calls `send` for tokens 0 to count - 1 at the given rate (0: all at once); resolves after the last,
 * or when the signal is aborted. All streams share one timer, and each token's time is reckoned from
 * the start of its stream: a late tick sends what is due, so nothing drifts.
 */
export async function paceTokens(
  pace: { count: number; tokensPerSecond: number; signal: AbortSignal },
  send: (index: number) => void,
): Promise<void> {
  const { count, tokensPerSecond, signal } = pace;
  if (signal.aborted || count === 0) return;
  if (tokensPerSecond <= 0) {
    for (let index = 0; index < count; index += 1) send(index);
    return;
  }
  const finished = Promise.withResolvers<void>();
  const startedMs = performance.now();
  const stream = { startedMs, tokensPerSecond, count, sent: 0, send, finish: () => finished.resolve() };
  streams.add(stream);
  signal.addEventListener('abort', stream.finish, { once: true });
  timer ??= setInterval(tick, tickMs);
  tick();
  await finished.promise;
  signal.removeEventListener('abort', stream.finish);
  streams.delete(stream);
  if (streams.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}

function tick(): void {
  const nowMs = performance.now();
  for (const stream of streams) {
    // The first token is due at once.
    const due = Math.floor(((nowMs - stream.startedMs) / 1000) * stream.tokensPerSecond) + 1;
    for (const last = Math.min(due, stream.count); stream.sent < last; stream.sent += 1)
      stream.send(stream.sent);
    if (stream.sent === stream.count) stream.finish();
  }
}
