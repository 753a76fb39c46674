import { useSyncExternalStore } from 'react';

let isNeeded = false;
const listeners = new Set<() => void>();

/** The server has refused a request for want of a sign-in, or was signed out of; or someone is signed in now. */
export function setSignInNeeded(needed: boolean): void {
  isNeeded = needed;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useSignInNeeded = (): boolean => useSyncExternalStore(subscribe, () => isNeeded);
