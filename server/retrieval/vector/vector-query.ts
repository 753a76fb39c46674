export type VectorQuery = {
  workspaceId: number;
  modelId: number;
  /** Unit length. */
  vector: Float32Array;
  /** Passages to find, up to 200. */
  limit: number;
  /** Only these versions, those of the documents in scope; undefined: all that are published. */
  versionIds: readonly number[] | undefined;
  /** Passages to score whatever their rank: those found by words. */
  alsoPassageIds: readonly number[];
};

export type NearPassage = {
  passageId: number;
  versionId: number;
  /** Exact cosine, −1 to 1. */
  similarity: number;
};
