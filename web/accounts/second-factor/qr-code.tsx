import encodeQr from 'qr';
import { useMemo } from 'react';

/** Modules of light around a code, without which readers don't find it. */
const QUIET_ZONE = 4;

/** Dark on light in both colour schemes: not every reader knows the reverse. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { side, path } = useMemo(() => {
    const rows = encodeQr(text, 'raw', { ecc: 'medium', border: QUIET_ZONE });
    const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x},${y}h1v1h-1z` : [])));
    return { side: rows.length, path: dark.join('') };
  }, [text]);
  return (
    <svg
      viewBox={`0 0 ${side} ${side}`}
      width={208}
      height={208}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      style={{ display: 'block', borderRadius: 8 }}
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
