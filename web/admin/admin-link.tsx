import { NavLink } from 'react-router';
import { useAccount } from '../api/accounts.ts';
import { useText } from '../language/language-store.ts';
import styles from '../shell/shell.module.css';
import { IconAdjustments } from '../ui/icons.ts';

/** The way to the administration, for whom there is something to administer. */
export default function AdminLink({ onNavigate }: { onNavigate: () => void }) {
  const t = useText();
  const { data } = useAccount();
  if (!data?.permissions.some(one => one === 'manage' || one === 'administer')) return null;
  return (
    <NavLink to="/admin" className={styles.link ?? ''} onClick={onNavigate}>
      <IconAdjustments size={18} stroke={1.7} />
      {t('shell.administration')}
    </NavLink>
  );
}
