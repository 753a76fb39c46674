import type { ReactNode } from 'react';

/** What the rows of every table have. */
export type RowBase = { id: number };

export type Column<Row> = {
  name: string;
  label: string;
  /** As CSS has it; the column without one takes what is left. */
  width?: string;
  /** Left out where there is little room; it stands in the details too. */
  isExtra?: boolean;
  /** What the server sorts by. */
  sort?: string;
  /** On a phone there is room for two or three. */
  onPhone?: boolean;
  isNumber?: boolean;
  cell: (row: Row) => ReactNode;
};

/** What narrows a table. A `from` and a `to` are days of the reader's time zone, both included. */
export type Filter =
  | { kind: 'choice'; name: string; label: string; choices: readonly { value: string; label: string }[] }
  | { kind: 'text'; name: string; label: string }
  | { kind: 'from' | 'to'; name: string; label: string };

/** What can be done with rows, one or many. */
export type Action<Row> = {
  /** As the API calls it. */
  name: string;
  label: string;
  /** Asked before it is done; without one it is done at once. */
  question?: (count: number) => string;
  isDangerous?: boolean;
  /** Whether it makes sense for a row; it does unless told. */
  isFor?: (row: Row) => boolean;
};

export type Order = 'asc' | 'desc';
