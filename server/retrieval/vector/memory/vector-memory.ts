import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { forWorkspace } from '../../../database/isolation/for-workspace.ts';
import type { Db } from '../../../database/open-database.ts';
import type { Logger } from '../../../logger.ts';
import type { PassageDirectory } from '../../lexical/passage-directory.ts';
import type { NearPassage, VectorQuery } from '../vector-query.ts';
import { QuantisedVectors } from './quantised-vectors.ts';
import { type SlotRange, scanVectors } from './scan-vectors.ts';

/** Vectors that a question waits for; more are read in the background while the database is searched. */
const MOST_READ_AT_ONCE = 500;
/** Of one statement: 1.5 MB. */
const VECTORS_PER_STATEMENT = 500;

type Options = {
  db: Db;
  /** For what nobody waits for. */
  backgroundDb: Db;
  logger: Logger;
  /** Bytes that vectors may take, of all workspaces; 0: none are kept. */
  maxBytes: number;
};

/** Whose vectors. */
type Place = { workspaceId: number; modelId: number; dimensions: number };

type Held = {
  directory: PassageDirectory;
  modelId: number;
  vectors: QuantisedVectors;
  /** Versions with a lower index are here. */
  versionsRead: number;
  reading: Promise<void> | undefined;
};

/**
 * The vectors of the workspaces in use, quantised, in the memory of the process: found in about a millisecond
 * at 10,000 passages and a few at 100,000, where reading them from the tables takes up to fifty. They stand at
 * the slots of the passage directory, which knows what can be found: a slot is given out once.
 */
export class VectorMemory {
  readonly #options: Options;
  readonly #held: LRUCache<number, Held> | undefined;
  readonly #readings = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: Options) {
    this.#options = options;
    this.#held = options.maxBytes > 0 ? new LRUCache({ maxSize: options.maxBytes }) : undefined;
  }

  /**
   * As VectorSearcher.nearest, with cosines that are off by 0.002 at most. Undefined when the workspace's
   * vectors are not all here yet, or are too many.
   */
  async nearest(query: VectorQuery, directory: PassageDirectory): Promise<NearPassage[] | undefined> {
    const place = { ...query, dimensions: query.vector.length };
    const held = this.#heldOf(place, directory);
    if (!held) return undefined;
    if (held.versionsRead < directory.versionCount) await this.#readMissing(held, place);
    // A version may have come while others were read: the one it replaces is gone, and without it nothing is found.
    if (held.versionsRead < directory.versionCount) return undefined;
    const ranges = rangesOf(directory, query.versionIds);
    const near = scanVectors(held.vectors, query.vector, { ranges, limit: query.limit });
    const slots = new Map(near.map(({ slot, similarity }) => [slot, similarity]));
    for (const passageId of query.alsoPassageIds) {
      const slot = directory.slotOf(passageId);
      const similarity = slot < 0 ? undefined : held.vectors.similarity(slot, query.vector);
      if (similarity !== undefined) slots.set(slot, similarity);
    }
    return [...slots]
      .map(([slot, similarity]) => toPassage(directory, slot, similarity))
      .sort((a, b) => b.similarity - a.similarity || a.passageId - b.passageId);
  }

  /** Reads them before anybody asks. */
  async prepare(place: Place, directory: PassageDirectory): Promise<void> {
    const held = this.#heldOf(place, directory);
    if (!held) return;
    held.reading ??= this.#startReading(this.#options.backgroundDb, held, place);
    await held.reading;
  }

  #heldOf({ workspaceId, modelId, dimensions }: Place, directory: PassageDirectory): Held | undefined {
    const size = Math.max(1, directory.slotCount) * QuantisedVectors.bytesPerVector(dimensions);
    const known = this.#held?.get(workspaceId);
    const isSame = known?.directory === directory && known.modelId === modelId;
    const held = isSame ? known : startHolding(directory, modelId, dimensions);
    // One that is larger than all the room is not kept.
    this.#held?.set(workspaceId, held, { size });
    return this.#held?.has(workspaceId) ? held : undefined;
  }

  /** Waits for a few; many are read in the background. */
  async #readMissing(held: Held, place: Place): Promise<void> {
    const { directory } = held;
    let missing = 0;
    for (let index = held.versionsRead; index < directory.versionCount; index += 1)
      missing += directory.versionAt(index)?.passages ?? 0;
    const { db, backgroundDb, logger } = this.#options;
    const isLittle = missing <= MOST_READ_AT_ONCE;
    held.reading ??= this.#startReading(isLittle ? db : backgroundDb, held, place);
    if (isLittle) await held.reading;
    else held.reading.catch(error => logger.warn({ err: error }, 'vectors could not be read into memory'));
  }

  #startReading(db: Db, held: Held, place: Place): Promise<void> {
    const reading = this.#read(forWorkspace(db, place.workspaceId), held, place).finally(() => {
      held.reading = undefined;
      this.#readings.delete(reading);
    });
    this.#readings.add(reading);
    return reading;
  }

  /** Reads no more: to be called before the database is closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#readings);
  }

  async #read(db: Db, held: Held, place: Place): Promise<void> {
    const { directory } = held;
    while (held.versionsRead < directory.versionCount) {
      const wanted = directory.versionCount;
      const ids: number[] = [];
      for (const { first, count } of rangesOf(directory, undefined, held.versionsRead))
        for (let index = 0; index < count; index += 1) ids.push(directory.passageIdAt(first + index));
      for (let at = 0; at < ids.length; at += VECTORS_PER_STATEMENT) {
        // Nobody asks for these any more.
        if (this.#isClosed || this.#held?.peek(place.workspaceId) !== held) return;
        await readVectors(db, held, place, ids.slice(at, at + VECTORS_PER_STATEMENT));
      }
      held.versionsRead = wanted;
    }
  }
}

const startHolding = (directory: PassageDirectory, modelId: number, dimensions: number): Held => ({
  directory,
  modelId,
  vectors: new QuantisedVectors(dimensions),
  versionsRead: 0,
  reading: undefined,
});

async function readVectors(
  db: Db,
  { directory, vectors }: Held,
  { workspaceId, modelId }: Place,
  passageIds: number[],
): Promise<void> {
  const { rows } = await sql<{ passage_id: number; sent: Buffer }>`
    /* prepared: vectors-into-memory */
    SELECT passage_id, vector_send(embedding) AS sent FROM passage_embeddings
    WHERE workspace_id = ${workspaceId} AND model_id = ${modelId}
      AND passage_id = ANY(${passageIds}::bigint[])`.execute(db);
  for (const { passage_id, sent } of rows) {
    const slot = directory.slotOf(passage_id);
    if (slot >= 0) vectors.set(slot, receiveVector(sent));
  }
}

/** pgvector's binary format: two 16-bit numbers, then the numbers, the most significant byte first. */
function receiveVector(sent: Buffer): Float32Array {
  const numbers = new Uint8Array(sent.length - 4);
  numbers.set(sent.subarray(4));
  Buffer.from(numbers.buffer).swap32();
  return new Float32Array(numbers.buffer);
}

/** Where the passages of published versions stand; in scope when versions are named. */
function rangesOf(
  directory: PassageDirectory,
  versionIds: readonly number[] | undefined,
  fromVersion = 0,
): SlotRange[] {
  const wanted = versionIds && new Set(versionIds);
  const ranges: SlotRange[] = [];
  for (let index = fromVersion; index < directory.versionCount; index += 1) {
    const version = directory.versionAt(index);
    if (version && (!wanted || wanted.has(version.versionId)))
      ranges.push({ first: version.firstSlot, count: version.passages });
  }
  return ranges;
}

function toPassage(directory: PassageDirectory, slot: number, similarity: number): NearPassage {
  const passageId = directory.passageIdAt(slot);
  return { passageId, versionId: directory.versionOf(passageId)?.versionId ?? 0, similarity };
}
