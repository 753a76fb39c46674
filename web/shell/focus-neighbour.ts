/** Gives the focus to the row beside the one that is about to go, else it would be lost with it. */
export function focusNeighbour(inRow: HTMLElement | null): void {
  const row = inRow?.closest('li');
  const neighbour = row?.nextElementSibling ?? row?.previousElementSibling;
  const link = neighbour?.querySelector<HTMLElement>('a');
  const list = row?.closest<HTMLElement>('[tabindex="0"]');
  // After the menu has closed, which gives the focus back to what opened it.
  requestAnimationFrame(() => requestAnimationFrame(() => (link ?? list)?.focus()));
}
