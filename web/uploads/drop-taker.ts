import { useEffect } from 'react';
import { addUploads } from './upload-queue.ts';

/** Takes of the files that were dropped or pasted what it knows, and gives back the rest. */
type Taker = (files: File[]) => Promise<File[]>;

let taker: Taker | undefined;

/** While it is shown, a view is offered all files before they become documents. */
export function useDropTaker(take: Taker): void {
  useEffect(() => {
    taker = take;
    return () => {
      if (taker === take) taker = undefined;
    };
  }, [take]);
}

/** Files that were dropped or pasted anywhere: for the view that knows them, else new documents. */
export async function receiveFiles(files: File[]): Promise<void> {
  const rest = taker ? await taker(files) : files;
  if (rest.length > 0) addUploads(rest);
}
