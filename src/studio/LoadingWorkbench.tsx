import { useStudio } from './context/context';
import appStyles from './App.module.css';
import styles from './LoadingWorkbench.module.css';

/** The workbench's outline while the first sample, or a session, is on its way, so that nothing jumps when it is there. */
export function LoadingWorkbench() {
  const title = useStudio(({ jobs }) => {
    const job = jobs.session?.[''];
    return job?.state === 'running' ? job.title : null;
  });
  return (
    <>
      <main className={`${appStyles.main} ${styles.main}`} aria-label="Compression" aria-busy="true">
        <p className={styles.text}>{title ?? 'Opening a sample network'}…</p>
      </main>
      <div className={appStyles.layers} />
    </>
  );
}
