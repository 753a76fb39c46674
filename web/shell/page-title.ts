import { useEffect } from 'react';

const PROGRAM = 'Lectern';

/** Names the view in the browser's tabs and history, and to screen readers. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${PROGRAM}` : PROGRAM;
    return () => {
      document.title = PROGRAM;
    };
  }, [title]);
}
