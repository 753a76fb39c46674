import { readdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Resident memory of a process and all its descendants, in MB (10^6 bytes); `VmRSS` of proc(5). */
export async function residentMb(pid: number): Promise<number> {
  const [own, children] = await Promise.all([statusMb(pid, 'VmRSS'), childrenOf(pid)]);
  const rest = await Promise.all(children.map(child => residentMb(child).catch(() => 0))); // It may end meanwhile.
  return rest.reduce((sum, mb) => sum + mb, own);
}

/** The most the process itself had since it began or was reset, in MB; `VmHWM` of proc(5). */
export const highWaterMb = (pid: number): Promise<number> => statusMb(pid, 'VmHWM');

/** From here on `highWaterMb` begins anew; 5 in `clear_refs` of proc(5). */
export const resetHighWater = (pid: number): Promise<void> => writeFile(`/proc/${pid}/clear_refs`, '5');

/** Clock ticks of proc(5) a second: 100 on every Linux of today. */
const TICKS_PER_SECOND = 100;

/**
 * Processor time of a process so far, all its threads. Where elapsed times suffer from other work on the
 * machine, this hardly does.
 */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // After the command's name, which may hold anything, the fields go on with the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The same with all its descendants. */
export async function treeCpuSeconds(pid: number): Promise<number> {
  const [own, children] = await Promise.all([cpuSeconds(pid), childrenOf(pid)]);
  const rest = await Promise.all(children.map(child => treeCpuSeconds(child).catch(() => 0)));
  return rest.reduce((sum, seconds) => sum + seconds, own);
}

const SAMPLE_MS = 100;

/** Runs the work and returns the most that the process tree had meanwhile, in MB. */
export async function peakWhile<T>(pid: number, work: Promise<T>): Promise<{ result: T; peakMb: number }> {
  const finished = new AbortController();
  const result = work.finally(() => finished.abort());
  result.catch(() => {}); // Awaited below; until then it must not count as unhandled.
  let peakMb = 0;
  while (!finished.signal.aborted) {
    peakMb = Math.max(peakMb, await residentMb(pid));
    await sleep(SAMPLE_MS, undefined, { signal: finished.signal }).catch(() => {});
  }
  return { result: await result, peakMb };
}

async function statusMb(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/status has no ${field}.`);
  return (Number(kibibytes) * 1024) / 1e6;
}

/** Every thread lists the processes that it started. */
export async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    threads.map(thread => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap(list => list.split(' ').filter(Boolean).map(Number));
}
