import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** By name; what is empty or null is left out of the address. */
type Values = Record<string, string | null>;

/**
 * The parameters of the address, and how to change some of them. A change is made to the address as it is at the moment:
 * React Router's own makes it to the one that was rendered last, so that of two changes in short order the first was lost.
 */
export function useAddressParameters(): [parameters: URLSearchParams, change: (values: Values) => void] {
  const [parameters, setParameters] = useSearchParams();
  const change = useCallback(
    (values: Values) => {
      const changed = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(values))
        if (value === null || value === '') changed.delete(name);
        else changed.set(name, value);
      setParameters(changed, { replace: true });
    },
    [setParameters],
  );
  return [parameters, change];
}
