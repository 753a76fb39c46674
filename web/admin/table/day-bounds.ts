const NOON_TO_NOON_MS = 24 * 60 * 60 * 1_000;

/** When a day (2026-11-27) begins where the reader is, as the API wants it. What is no day stays as it is. */
export const beginOf = (day: string): string => toTime(`${day}T00:00`, day);

/** When the day after it begins: the API's end is not included. */
export function endOf(day: string): string {
  // From noon to noon, and back to midnight: where clocks change, days have 23 or 25 hours.
  const next = new Date(new Date(`${day}T12:00`).getTime() + NOON_TO_NOON_MS);
  next.setHours(0, 0, 0, 0);
  return Number.isNaN(next.getTime()) ? day : next.toISOString();
}

function toTime(local: string, otherwise: string): string {
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? otherwise : time.toISOString();
}
