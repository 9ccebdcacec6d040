import { PanelsAt } from './PanelsAt';
import styles from './TopBar.module.css';

/** What is loaded, what runs it, and the few settings of the page. */
export function TopBar() {
  return (
    <header className={styles.bar}>
      <h1 className={styles.brand}>
        <svg viewBox="0 0 22 20" aria-hidden="true">
          <rect x="1" y="1" width="4" height="18" rx="1" />
          <rect x="9" y="6" width="4" height="13" rx="1" />
          <rect className={styles.last} x="17" y="12" width="4" height="7" rx="1" />
        </svg>
        <span>ENC Studio</span>
      </h1>
      <PanelsAt place="slot" />
      <div className={styles.tools}>
        <PanelsAt place="tool" />
      </div>
    </header>
  );
}
