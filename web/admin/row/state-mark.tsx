import type { ReactNode } from 'react';

const colours = { good: 'var(--good)', bad: 'var(--bad)', doubt: 'var(--doubt)', plain: 'inherit' } as const;

/** How something stands, in words; the colour only says it once more. */
export function StateMark({ tone, children }: { tone: keyof typeof colours; children: ReactNode }) {
  return <span style={{ color: colours[tone], fontWeight: 520 }}>{children}</span>;
}
