import { useMutation } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Action, RowBase } from '../table/table-view.ts';
import { refreshAdministration } from '../table/use-rows.ts';
import { runBulk } from './run-bulk.ts';

/** What is to be done, and with which rows. */
type Chosen<Row> = { action: Action<Row>; rows: readonly Row[] };

/** Does things with rows; what has a question is asked first. */
export function useBulk<Row extends RowBase>(path: string, onDone: () => void) {
  const [asked, setAsked] = useState<Chosen<Row>>();
  const { mutate, reset, ...state } = useMutation({
    mutationFn: ({ action, rows }: Chosen<Row>) =>
      runBulk(
        path,
        action.name,
        rows.map(({ id }) => id),
      ),
    onSettled: refreshAdministration,
    onSuccess: onDone,
  });
  const begin = useCallback(
    (action: Action<Row>, rows: readonly Row[]) =>
      action.question ? setAsked({ action, rows }) : mutate({ action, rows }),
    [mutate],
  );
  return {
    begin,
    asked,
    confirm: () => asked && mutate(asked),
    cancel: () => setAsked(undefined),
    result: state.data,
    forget: reset,
    error: state.error,
    /** The action that is under way, and its rows. */
    current: state.variables,
    isPending: state.isPending,
  };
}

export type Bulk<Row extends RowBase> = ReturnType<typeof useBulk<Row>>;
