import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { PacedRendering } from './paced-rendering.ts';

/** A screen with 60 frames a second, and a clock that only moves with it and with what is rendered. */
let nowMs: number;
let frames: ((now: number) => void)[];
let renderedAtMs: number[];
let renderTakesMs: number;

beforeEach(() => {
  [nowMs, frames, renderedAtMs, renderTakesMs] = [1_000, [], [], 0];
  Object.assign(globalThis, {
    document: { hidden: false },
    requestAnimationFrame: (callback: (now: number) => void) => frames.push(callback),
  });
  mock.method(performance, 'now', () => nowMs);
});
afterEach(() => {
  mock.restoreAll();
  for (const name of ['document', 'requestAnimationFrame']) Reflect.deleteProperty(globalThis, name);
});

function createRendering(): PacedRendering {
  const rendering = new PacedRendering();
  rendering.subscribe(() => {
    renderedAtMs.push(nowMs);
    nowMs += renderTakesMs;
  });
  return rendering;
}

function showFrames(count: number, beforeEachFrame: () => void): void {
  for (let frame = 0; frame < count; frame++) {
    beforeEachFrame();
    nowMs += 1_000 / 60;
    const due = frames;
    frames = [];
    for (const callback of due) callback(nowMs);
  }
}

const gaps = () => renderedAtMs.slice(1).map((at, index) => at - (renderedAtMs[index] ?? 0));

test('text that comes faster than people read is shown every 40 ms at most, and all of it', () => {
  const rendering = createRendering();
  showFrames(120, () => {
    for (let token = 0; token < 5; token++) rendering.request({ isText: true });
  });
  assert.ok(Math.min(...gaps()) >= 40, gaps().join(' '));
  assert.ok(renderedAtMs.length > 30, `${renderedAtMs.length} times in two seconds`);
  const before = renderedAtMs.length;
  rendering.request({ isText: true });
  showFrames(4, () => {});
  assert.equal(renderedAtMs.length, before + 1, 'the last piece is shown, too');
});

test('when showing it takes long, it takes no more than half of the time', () => {
  const rendering = createRendering();
  renderTakesMs = 60;
  showFrames(200, () => rendering.request({ isText: true }));
  assert.ok(Math.min(...gaps()) >= 2 * renderTakesMs, gaps().join(' '));
});

test('what is no text is shown in the next frame, and once in a frame', () => {
  const rendering = createRendering();
  showFrames(3, () => {
    rendering.request({ isText: false });
    rendering.request({ isText: false });
  });
  assert.equal(renderedAtMs.length, 3);
});
