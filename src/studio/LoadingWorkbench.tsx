import appStyles from './App.module.css';
import styles from './LoadingWorkbench.module.css';

/** The workbench's outline while the first sample is on its way, so that nothing jumps when it is there. */
export function LoadingWorkbench() {
  return (
    <>
      <main className={`${appStyles.main} ${styles.main}`} aria-label="Compression" aria-busy="true">
        <p className={styles.text}>Opening a sample network…</p>
      </main>
      <div className={appStyles.layers} />
    </>
  );
}
