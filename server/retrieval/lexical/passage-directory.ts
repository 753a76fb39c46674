import type { IndexRun } from '../../lexical/index-run.ts';
import { offsetInPage, pageOf, passagesPerPage } from '../../lexical/postings.ts';

/** A published version, as the lexical index describes it. */
export type IndexedVersion = {
  versionId: number;
  documentId: number;
  /** BCP 47; null when unknown. */
  language: string | null;
  firstPassageId: number;
  /** Words and subwords of each passage, one after the other. */
  lengths: Uint16Array;
  nameLength: number;
  /** Those whose postings are not in the blocks yet; undefined: all postings are in the blocks. */
  runs: PlacedRun[] | undefined;
  /** The merge that put them there; 0 when they are not. */
  mergeNumber: number;
};
type PlacedRun = { firstOrdinal: number; run: IndexRun };

/** Passages whose words also count for each other: about a page of text. */
const PASSAGES_PER_WINDOW = 8;
/** Slots are given out once; so many of the past, and more than half of all, are worth building anew. */
const SLOTS_WORTH_REBUILDING = 10_000;

type Entry = IndexedVersion & { index: number; firstSlot: number; passages: number; windows: number };

/** Sums over all passages that can be found: what BM25 normalises with. */
export type Totals = {
  passages: number;
  words: number;
  subwords: number;
  windows: number;
  versions: number;
  nameWords: number;
};

/**
 * The passages of a workspace that can be found, in the memory of the process: 18 bytes each. A posting counts
 * when its passage is here, so deleted and unpublished ones never do, whatever the blocks hold.
 */
export class PassageDirectory {
  readonly #entries = new Map<number, Entry>();
  /** By version index; undefined: removed. */
  readonly #versions: (Entry | undefined)[] = [];
  /** Slot + 1 of each passage id by page; 0: none. */
  readonly #pages = new Map<number, Int32Array>();
  readonly #unmerged = new Set<Entry>();
  readonly #byDocument = new Map<number, Set<Entry>>();
  #slotCount = 0;
  #windowCount = 0;
  #deadSlots = 0;
  /** The newest merge whose versions are looked for in the blocks. */
  lastMerge = 0;
  readonly totals: Totals = { passages: 0, words: 0, subwords: 0, windows: 0, versions: 0, nameWords: 0 };

  /** By slot. */
  wordLengths = new Uint16Array(1_024);
  subwordLengths = new Uint16Array(1_024);
  versionIndexes = new Int32Array(1_024);
  windows = new Int32Array(1_024);
  /** By version index: 1 when its postings are not in the blocks yet. */
  isUnmerged = new Uint8Array(256);
  /** By window. */
  windowLengths = new Uint32Array(256);

  get slotCount(): number {
    return this.#slotCount;
  }

  get windowCount(): number {
    return this.#windowCount;
  }

  get versionCount(): number {
    return this.#versions.length;
  }

  /** Of the documents, each once. */
  get languages(): string[] {
    return [...new Set([...this.#entries.values()].flatMap(({ language }) => language ?? []))];
  }

  /** Versions whose runs have to be looked through. */
  *unmerged(): Generator<Entry> {
    yield* this.#unmerged;
  }

  versionAt(index: number): Entry | undefined {
    return this.#versions[index];
  }

  passageIdAt(slot: number): number {
    const entry = this.#versions[this.versionIndexes[slot] ?? -1];
    return entry ? entry.firstPassageId + slot - entry.firstSlot : -1;
  }

  /** The version that the passage belongs to; undefined when it can't be found. */
  versionOf(passageId: number): Entry | undefined {
    return this.versionAt(this.versionIndexes[this.slotOf(passageId)] ?? -1);
  }

  /** The passage's slot; -1 when it can't be found. */
  slotOf(passageId: number): number {
    return (this.#pages.get(pageOf(passageId))?.[offsetInPage(passageId)] ?? 0) - 1;
  }

  /** Slots + 1 of the passages of a page; 0: none. */
  slotsOfPage(page: number): Int32Array | undefined {
    return this.#pages.get(page);
  }

  add(version: IndexedVersion): void {
    this.remove(version.versionId);
    const passages = version.lengths.length / 2;
    const windows = Math.max(1, Math.round(passages / PASSAGES_PER_WINDOW));
    const entry: Entry = {
      ...version,
      index: this.#versions.length,
      firstSlot: this.#slotCount,
      passages,
      windows,
    };
    this.#entries.set(version.versionId, entry);
    this.#versions.push(entry);
    this.#slotCount += passages;
    this.#windowCount += windows;
    this.#grow();
    if (version.runs) this.#unmerged.add(entry);
    else this.lastMerge = Math.max(this.lastMerge, version.mergeNumber);
    this.isUnmerged[entry.index] = version.runs ? 1 : 0;
    this.#place(entry);
    this.#count(entry, 1);
  }

  remove(versionId: number): void {
    const entry = this.#entries.get(versionId);
    if (!entry) return;
    this.#count(entry, -1);
    this.#entries.delete(versionId);
    this.#versions[entry.index] = undefined;
    this.#unmerged.delete(entry);
    for (let ordinal = 0; ordinal < entry.passages; ordinal += 1) {
      const id = entry.firstPassageId + ordinal;
      const slots = this.#pages.get(pageOf(id));
      if (slots) slots[offsetInPage(id)] = 0;
    }
    this.#deadSlots += entry.passages;
  }

  /** The same without the room that removed passages take up; itself when that is little. */
  compacted(): PassageDirectory {
    if (this.#deadSlots < SLOTS_WORTH_REBUILDING || this.#deadSlots < this.#slotCount / 2) return this;
    const directory = new PassageDirectory();
    for (const version of this.#entries.values()) directory.add(version);
    directory.lastMerge = this.lastMerge;
    return directory;
  }

  removeDocument(documentId: number): void {
    for (const entry of [...(this.#byDocument.get(documentId) ?? [])]) this.remove(entry.versionId);
  }

  /** From now on the blocks hold all of the version's postings. */
  markMerged(versionId: number, mergeNumber: number): void {
    const entry = this.#entries.get(versionId);
    if (!entry) return;
    this.lastMerge = Math.max(this.lastMerge, mergeNumber);
    entry.runs = undefined;
    entry.mergeNumber = mergeNumber;
    this.#unmerged.delete(entry);
    this.isUnmerged[entry.index] = 0;
  }

  #place(entry: Entry): void {
    const { firstSlot, passages, windows, lengths } = entry;
    for (let ordinal = 0; ordinal < passages; ordinal += 1) {
      const slot = firstSlot + ordinal;
      const window = this.#windowCount - windows + Math.floor((ordinal * windows) / passages);
      const words = lengths[2 * ordinal] ?? 0;
      this.wordLengths[slot] = words;
      this.subwordLengths[slot] = lengths[2 * ordinal + 1] ?? 0;
      this.versionIndexes[slot] = entry.index;
      this.windows[slot] = window;
      this.windowLengths[window] = (this.windowLengths[window] ?? 0) + words;
      const id = entry.firstPassageId + ordinal;
      const slots = this.#pages.get(pageOf(id)) ?? new Int32Array(passagesPerPage);
      this.#pages.set(pageOf(id), slots);
      slots[offsetInPage(id)] = slot + 1;
    }
  }

  #count(entry: Entry, sign: 1 | -1): void {
    const { totals } = this;
    let words = 0;
    let subwords = 0;
    for (let at = 0; at < entry.lengths.length; at += 2) {
      words += entry.lengths[at] ?? 0;
      subwords += entry.lengths[at + 1] ?? 0;
    }
    totals.passages += sign * entry.passages;
    totals.words += sign * words;
    totals.subwords += sign * subwords;
    totals.windows += sign * entry.windows;
    totals.versions += sign;
    totals.nameWords += sign * entry.nameLength;
    const ofDocument = this.#byDocument.get(entry.documentId) ?? new Set();
    if (sign > 0) ofDocument.add(entry);
    else ofDocument.delete(entry);
    if (ofDocument.size > 0) this.#byDocument.set(entry.documentId, ofDocument);
    else this.#byDocument.delete(entry.documentId);
  }

  #grow(): void {
    if (this.#windowCount > this.windowLengths.length)
      this.windowLengths = copyInto(
        new Uint32Array(roomFor(this.windowLengths.length, this.#windowCount)),
        this.windowLengths,
      );
    if (this.#versions.length > this.isUnmerged.length)
      this.isUnmerged = copyInto(
        new Uint8Array(roomFor(this.isUnmerged.length, this.#versions.length)),
        this.isUnmerged,
      );
    if (this.#slotCount <= this.wordLengths.length) return;
    const room = roomFor(this.wordLengths.length, this.#slotCount);
    this.wordLengths = copyInto(new Uint16Array(room), this.wordLengths);
    this.subwordLengths = copyInto(new Uint16Array(room), this.subwordLengths);
    this.versionIndexes = copyInto(new Int32Array(room), this.versionIndexes);
    this.windows = copyInto(new Int32Array(room), this.windows);
  }
}

const roomFor = (current: number, needed: number) => Math.max(2 * current, needed);

function copyInto<Numbers extends Uint8Array | Uint16Array | Int32Array | Uint32Array>(
  target: Numbers,
  source: Numbers,
): Numbers {
  target.set(source);
  return target;
}
