import { useMemo } from 'react';
import { encodeQr } from './encode-qr.ts';

/** Modules of light around a code, without which readers don't find it. */
const QUIET_ZONE = 4;

/** Dark on light in both colour schemes: not every reader knows the reverse. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => {
    const code = encodeQr(text);
    const modules = Array.from({ length: code.size ** 2 }, (_, at) => [
      at % code.size,
      Math.floor(at / code.size),
    ]);
    const dark = modules.filter(([x = 0, y = 0]) => code.isDark(x, y));
    return { size: code.size, path: dark.map(([x, y]) => `M${x},${y}h1v1h-1z`).join('') };
  }, [text]);
  const side = size + 2 * QUIET_ZONE;
  return (
    <svg
      viewBox={`${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`}
      width={208}
      height={208}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      style={{ display: 'block', borderRadius: 8 }}
    >
      <rect x={-QUIET_ZONE} y={-QUIET_ZONE} width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
