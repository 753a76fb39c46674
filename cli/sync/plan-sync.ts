export type LocalFile = { path: string; source: string; sha256: string };

/** A document that came from the folder: its source lies in it. */
export type RemoteDocument = {
  documentId: number;
  source: string;
  sha256: string;
  /** The server could not process these bytes. */
  failed: boolean;
};

/** What brings the server in step with the folder; to be done in the order of the fields. */
export type SyncPlan = {
  /** The bytes are there and have another path now. */
  moves: { file: LocalFile; document: RemoteDocument }[];
  /** Their files are gone. */
  deletions: RemoteDocument[];
  /** New bytes; with a document, they take the place of its own. */
  sends: { file: LocalFile; document?: RemoteDocument }[];
  /** Files whose bytes the server has, be it from a twin. */
  inStep: number;
};

/**
 * Compares a folder with the documents that came from it. The server keeps the same bytes once: of files with the
 * same bytes one has the document, and the others count as there. A file that was renamed keeps its document.
 *
 * @param isUnknown whether what became of a source's file can't be told now: its document is left alone.
 */
export function planSync(
  files: LocalFile[],
  documents: RemoteDocument[],
  isUnknown: (source: string) => boolean = () => false,
): SyncPlan {
  const planning = new Planning(documents, isUnknown);
  const moved = files.filter(file => !planning.keep(file));
  const changed = moved.filter(file => !planning.move(file));
  for (const file of changed) planning.send(file);
  return planning.finish(files.length);
}

/** Each step takes what the steps before it have left: a document serves one file. */
class Planning {
  readonly #free: Set<RemoteDocument>;
  readonly #bySource: Map<string, RemoteDocument[]>;
  readonly #byHash: Map<string, RemoteDocument[]>;
  /** The hashes that the server has, or will have when the plan is done. */
  readonly #present = new Set<string>();
  readonly #plan: SyncPlan = { moves: [], deletions: [], sends: [], inStep: 0 };

  constructor(documents: RemoteDocument[], isUnknown: (source: string) => boolean) {
    const [unknown, known] = [documents.filter(isOf(isUnknown)), documents.filter(isOf(s => !isUnknown(s)))];
    for (const { sha256 } of unknown) this.#present.add(sha256);
    this.#free = new Set(known);
    this.#bySource = Map.groupBy(known, ({ source }) => source);
    this.#byHash = Map.groupBy(known, ({ sha256 }) => sha256);
  }

  /** The document stands where it should; one that failed is sent again. */
  keep(file: LocalFile): boolean {
    const document = this.#bySource.get(file.source)?.find(({ sha256 }) => sha256 === file.sha256);
    if (!document) return false;
    this.#take(document);
    if (document.failed) this.#plan.sends.push({ file, document });
    return true;
  }

  move(file: LocalFile): boolean {
    if (this.#present.has(file.sha256)) return true;
    const document = this.#byHash.get(file.sha256)?.find(one => this.#free.has(one));
    if (!document) return false;
    this.#take(document);
    this.#plan.moves.push({ file, document });
    return true;
  }

  send(file: LocalFile): void {
    if (this.#present.has(file.sha256)) return;
    this.#present.add(file.sha256);
    const document = this.#bySource.get(file.source)?.find(one => this.#free.delete(one));
    this.#plan.sends.push(document ? { file, document } : { file });
  }

  finish(fileCount: number): SyncPlan {
    const { moves, sends } = this.#plan;
    return { ...this.#plan, deletions: [...this.#free], inStep: fileCount - moves.length - sends.length };
  }

  #take(document: RemoteDocument): void {
    this.#free.delete(document);
    this.#present.add(document.sha256);
  }
}

const isOf = (test: (source: string) => boolean) => (document: RemoteDocument) => test(document.source);
