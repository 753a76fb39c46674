const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How long to wait before a process is started again that has died so many times in a row, each time soon. */
export function backOffMs(failures: number): number {
  return failures <= 1 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 2));
}
