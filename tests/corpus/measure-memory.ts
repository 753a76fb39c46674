import { readFile, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';

export const canMeasureMemory = platform() === 'linux';

/**
 * By how many MB the process grows at most while something is done. Writing 5 to clear_refs makes the kernel
 * forget the peak until then (man 5 proc).
 */
export async function measureGrowth(pid: number, act: () => Promise<unknown>): Promise<number> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  const before = await readMemory(pid, 'VmRSS');
  await act();
  return (await readMemory(pid, 'VmHWM')) - before;
}

async function readMemory(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`no ${field} in the status of ${pid}`);
  return Number(kilobytes) / 1024;
}
