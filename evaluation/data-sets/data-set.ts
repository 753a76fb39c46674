/** What is evaluated: documents to ingest, and questions with what a search should find for each. */

/** A stretch of a document's text, in UTF-16 units. */
export type Span = { start: number; end: number };

/** A stretch that is wanted, with its text where the share of it in a context is measured. */
type WantedSpan = Span & { text?: string };

/** One thing to find. A question may have several: every judged document, every reference. */
export type Target = {
  /** How much it is worth: the judged relevance; 1 where there are no grades. */
  gain: number;
  /** The document as the set calls it. */
  documentId: string;
  /** A passage that overlaps one of these finds it; undefined: any passage of the document does. */
  spans?: WantedSpan[];
};

export type Question = {
  id: string;
  text: string;
  /** Empty: the set says that nothing answers the question. */
  targets: Target[];
};

/** A file as it is uploaded. */
export type SetDocument = { id: string; filename: string; content: string };

export type DataSet = {
  name: string;
  /** What is ranked: documents, each at its best passage, or passages. */
  ranks: 'documents' | 'passages';
  /** The references are the whole text wanted, so that its share in a context can be measured. */
  wantsText: boolean;
  documents: SetDocument[];
  questions: Question[];
};

/** The data set is broken; the message says where. */
export class DataSetError extends Error {
  override name = 'DataSetError';
}
