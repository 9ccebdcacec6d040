import type { ReactNode } from 'react';
import styles from './Tip.module.css';

/** Values of a point, beside it. */
export function Tip({ children }: { readonly children: ReactNode }) {
  return (
    <div className={styles.tip} role="tooltip">
      {children}
    </div>
  );
}
