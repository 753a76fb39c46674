import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useState } from 'react';

const OpenPalette = lazy(() => import('./open-palette.tsx'));

/** Waits for the keys that open the palette or the shortcuts, and loads them then. */
export function PaletteKeys() {
  const [first, setFirst] = useState<'palette' | 'shortcuts'>();
  useHotkeys([['mod+K', () => setFirst(known => known ?? 'palette')]], []);
  useHotkeys([['shift+?', () => setFirst(known => known ?? 'shortcuts')]]);
  return (
    first && (
      <Suspense>
        <OpenPalette first={first} />
      </Suspense>
    )
  );
}
