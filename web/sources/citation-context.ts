import { createContext } from 'react';
import type { Proof } from './proof.ts';

type CitationContext = {
  /** Undefined for a number without a source, which is then not shown. */
  find: (number: number, occurrence: number) => Proof | undefined;
  open: (proof: Proof) => void;
  /** Shows a preview at the element; without one, takes it away. */
  preview: (proof?: Proof, element?: HTMLElement) => void;
  /** `number.occurrence` of what is open beside the answer. */
  active: string | undefined;
};

/** What the citations in an answer can do. */
export const CitationContext = createContext<CitationContext>({
  find: () => undefined,
  open: () => {},
  preview: () => {},
  active: undefined,
});
