/** Of the field that questions are written in; there is one in every chat. */
export const composerId = 'composer';

/** Gives the focus to where the next question is written. Not on a touch screen: its keyboard would cover half of the page. */
export function focusComposer(): void {
  if (!matchMedia('(pointer: coarse)').matches)
    document.getElementById(composerId)?.focus({ preventScroll: true });
}
