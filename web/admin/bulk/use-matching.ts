import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MatchingResult, MatchingRows } from '../../../contract/administration/lists.ts';
import { request } from '../../api/request.ts';
import type { Action, RowBase } from '../table/table-view.ts';
import { refreshAdministration } from '../table/use-rows.ts';
import { addFailures, type Failures, noFailures } from './failures.ts';

/** What is to be done, and with how many: those that matched when it was asked, and none that came later. */
type Asked<Row> = { action: Action<Row>; filter: string; count: number; lastId: number | null };

export type Progress<Row> = Asked<Row> & {
  state: 'running' | 'stopped' | 'done';
  /** How far it is. */
  after: number | undefined;
  done: number;
  failures: Failures;
  /** Why it stopped, where nobody stopped it. */
  error: unknown;
};

type Options = {
  path: string;
  /** Says which rows match. */
  filter: string;
  /** Whether anybody wants to know how many match. */
  isCounted: boolean;
  onDone: () => void;
};

/** Does things with all rows that match the filter, a part of them at a time, until it is done or stopped. */
export function useMatching<Row extends RowBase>({ path, filter, isCounted, onDone }: Options) {
  const [asked, setAsked] = useState<Asked<Row>>();
  const [progress, setProgress] = useState<Progress<Row>>();
  const isStopped = useRef(false);
  const { data: all } = useQuery({
    queryKey: ['administration', `${path}matching/`, filter],
    queryFn: ({ signal }) => countMatching(path, filter, undefined, signal),
    enabled: isCounted,
  });
  const count = useMutation({
    mutationFn: async (action: Action<Row>): Promise<Asked<Row>> => {
      const { count: number, last_id: lastId } = await countMatching(path, filter, action.name);
      return { action, filter, count: number, lastId };
    },
    onSuccess: setAsked,
  });
  const run = async (begun: Progress<Row>) => {
    isStopped.current = false;
    let now: Progress<Row> = { ...begun, state: 'running', error: undefined };
    setProgress(now);
    try {
      while (now.state === 'running') {
        now = await doNext(path, now);
        if (now.state === 'running' && isStopped.current) now = { ...now, state: 'stopped' };
        setProgress(now);
      }
    } catch (error) {
      setProgress({ ...now, state: 'stopped', error });
    }
    await refreshAdministration();
    if (now.state === 'done') onDone();
  };
  const stop = useCallback(() => {
    isStopped.current = true;
  }, []);
  // Who goes elsewhere would not see it any more.
  useEffect(() => stop, [stop]);
  useStayHere(progress?.state === 'running');
  return {
    /** How many match, loaded or not. */
    count: all?.count,
    begin: count.mutate,
    /** The action that is being counted for. */
    beginning: count.isPending ? count.variables : undefined,
    error: count.error,
    asked,
    confirm: () => {
      if (asked)
        void run({
          ...asked,
          state: 'running',
          after: undefined,
          done: 0,
          failures: noFailures,
          error: undefined,
        });
      setAsked(undefined);
    },
    cancel: () => setAsked(undefined),
    progress,
    stop,
    goOn: () => progress && void run(progress),
    forget: () => setProgress(undefined),
  };
}

export type Matching<Row extends RowBase> = ReturnType<typeof useMatching<Row>>;

const countMatching = (path: string, filter: string, action?: string, signal?: AbortSignal) =>
  request<MatchingRows>(`${path}matching/?${filter}${action === undefined ? '' : `&action=${action}`}`, {
    signal,
  });

async function doNext<Row>(path: string, now: Progress<Row>): Promise<Progress<Row>> {
  const { action, filter, lastId, after } = now;
  const part = await request<MatchingResult>(`${path}matching/?${filter}`, {
    method: 'POST',
    body: { action: action.name, last_id: lastId, after },
  });
  return {
    ...now,
    state: part.after === null ? 'done' : 'running',
    after: part.after ?? after,
    done: now.done + part.done,
    failures: addFailures(now.failures, part.results),
  };
}

/** Asks before the page is closed. */
function useStayHere(isNeeded: boolean): void {
  useEffect(() => {
    if (!isNeeded) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isNeeded]);
}
