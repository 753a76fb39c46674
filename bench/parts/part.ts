import type { Measure } from '../report.ts';

export type Sizes = {
  /** A smoke run: small sizes, whose figures mean nothing. */
  quick: boolean;
  /** Text for the peak of memory, in MB. */
  ingestMb: number;
};

export type Part = (sizes: Sizes) => Promise<Measure[]>;
