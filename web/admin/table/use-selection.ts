import { useCallback, useEffect, useRef, useState } from 'react';
import type { RowBase } from './table-view.ts';

export type Selection = {
  ids: ReadonlySet<number>;
  /** With `isRange` all rows between the last one that was chosen and this one. */
  toggle: (row: RowBase, isRange: boolean) => void;
  setAll: (isChosen: boolean) => void;
  clear: () => void;
};

/** The chosen rows; none as soon as the table shows something else (`of`). */
export function useSelection(rows: readonly RowBase[], of: string): Selection {
  const [ids, setIds] = useState<ReadonlySet<number>>(new Set());
  const last = useRef<number>(undefined);
  const shown = useRef(rows);
  shown.current = rows;
  const clear = useCallback(() => setIds(new Set()), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown is what it depends on.
  useEffect(clear, [of, clear]);
  const toggle = useCallback((row: RowBase, isRange: boolean) => {
    const before = last.current;
    last.current = row.id;
    setIds(chosen => {
      const next = new Set(chosen);
      const isChosen = !chosen.has(row.id);
      const places = [before, row.id].map(id => shown.current.findIndex(one => one.id === id));
      const [from = -1, to = -1] = places.toSorted((one, other) => one - other);
      const touched = isRange && from >= 0 ? shown.current.slice(from, to + 1) : [row];
      for (const { id } of touched)
        if (isChosen) next.add(id);
        else next.delete(id);
      return next;
    });
  }, []);
  const setAll = useCallback(
    (isChosen: boolean) => setIds(new Set(isChosen ? shown.current.map(({ id }) => id) : [])),
    [],
  );
  return { ids, toggle, setAll, clear };
}
