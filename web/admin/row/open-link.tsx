import { Link, useSearchParams } from 'react-router';
import styles from '../table/table.module.css';

/** The name of a row, which opens what there is to know of it; everything else in the address stays. */
export function OpenLink({ id, text }: { id: number; text: string }) {
  const [parameters] = useSearchParams();
  const next = new URLSearchParams(parameters);
  next.set('open', String(id));
  return (
    <Link to={`?${next}`} className={styles.main} title={text}>
      {text}
    </Link>
  );
}
