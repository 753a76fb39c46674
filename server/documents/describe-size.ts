const KIBIBYTE = 1024;
const MEBIBYTE = KIBIBYTE ** 2;
/** Fewer can be read as they are. */
const LEAST_ROUNDED = 10_000;

/** A number of bytes for people, as settings and operating systems say it: "5 MiB". */
export function describeSize(bytes: number): string {
  if (bytes < LEAST_ROUNDED) return `${bytes} bytes`;
  const [unit, name] = bytes < MEBIBYTE ? [KIBIBYTE, 'KiB'] : [MEBIBYTE, 'MiB'];
  return `${Math.round((10 * bytes) / unit) / 10} ${name}`;
}
