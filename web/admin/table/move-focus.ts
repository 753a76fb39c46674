import type { KeyboardEvent } from 'react';

const controls = 'a[href], button:not([disabled]), input:not([disabled])';

/**
 * Arrow up and down go to the same control of the row before or after, as in a spreadsheet. Rows that are not
 * seen do not exist, so the table is scrolled first.
 */
export function moveFocus(event: KeyboardEvent<HTMLElement>, scrollTo: (index: number) => void): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const focused = event.target;
  if (step === 0 || !(focused instanceof HTMLElement)) return;
  const table = event.currentTarget;
  const row = focused.closest<HTMLElement>('tr[data-index]');
  const at = Number(row?.dataset.index);
  if (!row || Number.isNaN(at) || at + step < 0) return;
  event.preventDefault();
  const place = [...row.querySelectorAll<HTMLElement>(controls)].indexOf(focused);
  const focusNext = () => {
    const next = table.querySelector(`tr[data-index="${at + step}"]`);
    next?.querySelectorAll<HTMLElement>(controls).item(place)?.focus({ preventScroll: true });
    return next !== null;
  };
  scrollTo(at + step);
  if (!focusNext()) requestAnimationFrame(focusNext);
}
