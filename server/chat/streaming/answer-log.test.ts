import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StreamEvent } from '../../../contract/chat.ts';
import { AnswerLog, type NumberedEvent } from './answer-log.ts';

const stage: StreamEvent = { type: 'stage', stage: 'writing' };
const event = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }).map((content): StreamEvent => ({ type: 'content', content })),
  fc.constant(stage),
);
const events = fc.array(event, { maxLength: 20 });

function logOf(all: StreamEvent[]): AnswerLog {
  const log = new AnswerLog();
  for (const each of all) log.append(each);
  return log;
}

/** Every unit of a stream by itself, so that streams cut in different places compare. */
const unitsOf = (numbered: NumberedEvent[]) =>
  numbered.flatMap(({ event: each }): (string | StreamEvent)[] =>
    each.type === 'content' ? each.content.split('') : [each],
  );

test('whoever goes on after any event has neither a gap nor a repetition', () => {
  fc.assert(
    fc.property(events, fc.integer({ min: 1, max: 9 }), (all, most) => {
      const log = logOf(all);
      const whole = unitsOf(log.eventsAfter(0));
      for (let seen = 0; seen <= log.sequence; seen += 1) {
        assert.deepEqual(unitsOf(log.eventsAfter(seen)), whole.slice(seen));
        const part = log.eventsAfter(seen, most);
        const last = part.at(-1)?.sequence ?? seen;
        assert.deepEqual(
          [...whole.slice(0, seen), ...unitsOf(part), ...unitsOf(log.eventsAfter(last))],
          whole,
        );
      }
    }),
  );
});

test('of very many pieces too, which are joined', () => {
  const piece = (index: number): StreamEvent => ({ type: 'content', content: `w${index} ` });
  const all = Array.from({ length: 300 }, (_, index) => (index === 100 ? stage : piece(index)));
  const log = logOf(all);
  const whole = unitsOf(all.map(each => ({ sequence: 0, event: each })));
  assert.equal(log.sequence, whole.length);
  for (let seen = 0; seen <= log.sequence; seen += 1) {
    const rest = log.eventsAfter(seen);
    assert.deepEqual(unitsOf(rest), whole.slice(seen));
    assert.equal(rest.at(-1)?.sequence ?? seen, log.sequence);
  }
});

test('an event’s number is that of its last unit, wherever its content was cut', () => {
  fc.assert(
    fc.property(events, fc.nat(40), (all, seen) => {
      let position = Math.min(seen, logOf(all).sequence);
      for (const { sequence, event: each } of logOf(all).eventsAfter(position)) {
        position += each.type === 'content' ? each.content.length : 1;
        assert.equal(sequence, position);
      }
    }),
  );
});

test('stored pieces, overlapping or not, make the same log again', () => {
  fc.assert(
    fc.property(events, fc.array(fc.nat(3), { maxLength: 20 }), (all, overlaps) => {
      const log = new AnswerLog();
      const copy = new AnswerLog();
      for (const [index, each] of all.entries()) {
        log.append(each);
        if (index % 3 !== 0) continue;
        const piece = log.pieceAfter(Math.max(0, copy.sequence - (overlaps[index] ?? 0)));
        if (piece) copy.extend(JSON.parse(JSON.stringify(piece)));
      }
      const rest = log.pieceAfter(copy.sequence);
      if (rest) copy.extend(rest);
      assert.equal(copy.sequence, log.sequence);
      assert.equal(copy.content, log.content);
      assert.deepEqual(copy.eventsAfter(0), log.eventsAfter(0));
    }),
  );
});

test('a character is not torn where a long content is cut', () => {
  const log = logOf([{ type: 'content', content: 'ab😀cd' }]);
  const [first] = log.eventsAfter(0, 3);
  assert.deepEqual(first, { sequence: 4, event: { type: 'content', content: 'ab😀' } });
  assert.deepEqual(log.eventsAfter(4, 3)[0], { sequence: 6, event: { type: 'content', content: 'cd' } });
});

test('numbers left out before an event keep whoever has seen some of them before it', () => {
  const log = logOf([{ type: 'content', content: 'saved' }]);
  const error: StreamEvent = {
    type: 'error',
    code: 'answer_interrupted',
    message: '',
    retryable: true,
    message_id: 1,
  };
  log.append(error, 1_000);
  const piece = log.pieceAfter(0);
  assert.ok(piece);
  const copy = new AnswerLog();
  copy.extend(piece);
  for (const seen of [5, 6, 30, 999])
    assert.deepEqual(copy.eventsAfter(seen), [{ sequence: 1_000, event: error }]);
  assert.deepEqual(copy.eventsAfter(1_000), []);
  assert.equal(copy.content, 'saved');
});
