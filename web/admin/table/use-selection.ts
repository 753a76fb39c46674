import { useCallback, useEffect, useRef, useState } from 'react';
import type { RowBase } from './table-view.ts';

export type Selection = {
  ids: ReadonlySet<number>;
  /** All loaded rows are chosen. */
  hasAllLoaded: boolean;
  /** All rows that match are chosen, those that are not loaded too. */
  isEvery: boolean;
  /** With `isRange` all rows between the last one that was chosen and this one. */
  toggle: (row: RowBase, isRange: boolean) => void;
  setAll: (isChosen: boolean) => void;
  chooseEvery: () => void;
  clear: () => void;
};

type Chosen = { ids: ReadonlySet<number>; isEvery: boolean };

const nothing: Chosen = { ids: new Set(), isEvery: false };
const idsOf = (rows: readonly RowBase[]) => new Set(rows.map(({ id }) => id));

/** The chosen rows; none as soon as the table shows something else (`of`). */
export function useSelection(rows: readonly RowBase[], of: string): Selection {
  const [{ ids, isEvery }, setChosen] = useState(nothing);
  const last = useRef<number>(undefined);
  const shown = useRef(rows);
  shown.current = rows;
  const clear = useCallback(() => setChosen(nothing), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown is what it depends on.
  useEffect(clear, [of, clear]);
  const toggle = useCallback((row: RowBase, isRange: boolean) => {
    const before = last.current;
    last.current = row.id;
    setChosen(chosen => {
      // Whoever takes one out of all keeps those that they see.
      const next = chosen.isEvery ? idsOf(shown.current) : new Set(chosen.ids);
      const isChosen = !next.has(row.id);
      const places = [before, row.id].map(id => shown.current.findIndex(one => one.id === id));
      const [from = -1, to = -1] = places.toSorted((one, other) => one - other);
      const touched = isRange && from >= 0 ? shown.current.slice(from, to + 1) : [row];
      for (const { id } of touched)
        if (isChosen) next.add(id);
        else next.delete(id);
      return { ids: next, isEvery: false };
    });
  }, []);
  const setAll = useCallback(
    (isChosen: boolean) => setChosen(isChosen ? { ids: idsOf(shown.current), isEvery: false } : nothing),
    [],
  );
  const chooseEvery = useCallback(() => setChosen({ ids: idsOf(shown.current), isEvery: true }), []);
  const hasAllLoaded = rows.length > 0 && (isEvery || rows.every(({ id }) => ids.has(id)));
  return { ids, hasAllLoaded, isEvery, toggle, setAll, chooseEvery, clear };
}
