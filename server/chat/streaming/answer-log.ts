import type { StreamEvent } from '../../../contract/chat.ts';
import type { ControlEvent, StreamPiece } from '../../sessions/stream-piece.ts';

/** `sequence` counts the units of the stream up to the event's end; it is the event's `id:` line. */
export type NumberedEvent = { sequence: number; event: StreamEvent };

type Item = string | ControlEvent;

/** Pieces of content that become one once they have gathered: each alone takes three times its text. */
const JOINED_AT_ONCE = 64;

/** A content event is one unit for each of its UTF-16 units, any other event is one. */
const unitsOf = (item: Item) => (typeof item === 'string' ? item.length : 1);

/**
 * The events of an answer in order, each once. Positions in it are sequence numbers: whoever has seen the units
 * up to a number goes on from there, also in the middle of what was once one content event.
 */
export class AnswerLog {
  /** Content as it came, and the events in between. */
  readonly #items: Item[] = [];
  /** The sequence number of each item's end. */
  readonly #ends: number[] = [];
  /** The last items that are content and not joined yet. */
  #loose = 0;

  /** Of the last unit; 0 when there is none. */
  get sequence(): number {
    return this.#ends.at(-1) ?? 0;
  }

  get content(): string {
    return this.#items.filter(item => typeof item === 'string').join('');
  }

  /** @param sequence the event's, when numbers before it are to stay unused. */
  append(event: StreamEvent, sequence?: number): void {
    const item = event.type === 'content' ? event.content : event;
    if (item === '') return;
    this.#items.push(item);
    this.#ends.push(sequence ?? this.sequence + unitsOf(item));
    this.#loose = typeof item === 'string' ? this.#loose + 1 : 0;
    if (this.#loose >= JOINED_AT_ONCE) this.#join();
  }

  /** Whoever has read up to the middle of what is joined goes on from there. */
  #join(): void {
    const end = this.sequence;
    this.#ends.length -= this.#loose;
    this.#items.push(this.#items.splice(-this.#loose).join(''));
    this.#ends.push(end);
    this.#loose = 0;
  }

  /** What of a stored piece is new; the piece begins where the log ends, or before. */
  extend({ firstSequence, content, events }: StreamPiece): void {
    let position = firstSequence;
    let rest = content;
    const addContent = (units: number) => {
      const text = rest.slice(0, units);
      rest = rest.slice(text.length);
      position += text.length;
      const known = text.length - (position - this.sequence);
      if (position > this.sequence) this.append({ type: 'content', content: text.slice(Math.max(0, known)) });
    };
    for (const [sequence, event] of events) {
      addContent(sequence - 1 - position);
      position = sequence;
      if (sequence > this.sequence) this.append(event, sequence);
    }
    addContent(rest.length);
  }

  /**
   * The events after that number; content that follows each other comes as one event, and of content no more than
   * `mostUnits` or one more, so that no character is torn.
   */
  eventsAfter(sequence: number, mostUnits = Number.POSITIVE_INFINITY): NumberedEvent[] {
    const events: NumberedEvent[] = [];
    let texts: string[] = [];
    let units = 0;
    let end = sequence;
    const closeText = () => {
      if (texts.length > 0)
        events.push({ sequence: end, event: { type: 'content', content: texts.join('') } });
      texts = [];
    };
    for (
      let index = this.#indexAfter(sequence);
      index < this.#items.length && units < mostUnits;
      index += 1
    ) {
      const item = this.#items[index] ?? '';
      const itemEnd = this.#ends[index] ?? 0;
      if (typeof item === 'string') {
        const unseen = item.slice(Math.max(0, item.length - (itemEnd - end)));
        const text = cutWhole(unseen, mostUnits - units);
        texts.push(text);
        units += text.length;
        end = itemEnd - (unseen.length - text.length);
      } else {
        closeText();
        end = itemEnd;
        events.push({ sequence: end, event: item });
      }
    }
    closeText();
    return events;
  }

  /** All after that number as one piece; undefined when there is nothing. */
  pieceAfter(firstSequence: number): StreamPiece | undefined {
    const numbered = this.eventsAfter(firstSequence);
    const last = numbered.at(-1);
    if (!last) return undefined;
    const piece: StreamPiece = { firstSequence, sequence: last.sequence, content: '', events: [] };
    for (const { sequence, event } of numbered) {
      if (event.type === 'content') piece.content += event.content;
      else piece.events.push([sequence, event]);
    }
    return piece;
  }

  /** Of the first item that ends after that number. Readers are near the end, so it is searched from there. */
  #indexAfter(sequence: number): number {
    let index = this.#ends.length;
    while (index > 0 && (this.#ends[index - 1] ?? 0) > sequence) index -= 1;
    return index;
  }
}

/** The first units, one more where half of a surrogate pair would be last. */
function cutWhole(text: string, units: number): string {
  if (text.length <= units) return text;
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(units - 1));
  return text.slice(0, isHalf ? units + 1 : units);
}
