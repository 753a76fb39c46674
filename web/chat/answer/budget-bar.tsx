import type { TokenAccount } from '../../../contract/chat.ts';
import { useText } from '../../language/language-store.ts';
import { useFormat } from '../../language/use-format.ts';
import styles from './why.module.css';

/** Where the tokens of the prompt went, out of what each part could have had. */
export function BudgetBar({ account }: { account: TokenAccount }) {
  const t = useText();
  const { number } = useFormat();
  const parts = [
    ['system', account.system_prompt],
    ['documents', account.documents],
    ['history', account.history],
    ['question', account.question],
  ] as const;
  const total = Math.max(1, account.total_used);
  return (
    <>
      <div className={styles.bar} aria-hidden>
        {parts.map(([name, { used }]) => (
          <i key={name} data-part={name} style={{ width: `${(100 * used) / total}%` }} />
        ))}
      </div>
      <ul className={styles.legend}>
        {parts.map(([name, { used, budget }]) => (
          <li key={name} data-part={name}>
            {t(`budget.${name}`)}
            <span>{t('budget.of', { used: number(used), budget: number(budget) })}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
