import { isRunning } from '../project/jobStatus';
import styles from './App.module.css';
import { PanelsAt } from './PanelsAt';
import { LoadingWorkbench } from './LoadingWorkbench';
import { useStudio } from './context/context';
import { DropZone } from './features/opening/DropZone';
import { AskedFiles } from './features/sessions/AskedFiles';
import { SessionNote } from './features/sessions/SessionNote';
import { Welcome } from './features/welcome/Welcome';
import { TopBar } from './TopBar';

/** The whole page: one screen, the slider and its consequences in the middle. */
export function App() {
  const isLoaded = useStudio((state) => state.network !== null);
  const isLoading = useStudio(({ jobs }) => isRunning(jobs, 'sample') || isRunning(jobs, 'session'));
  const asked = useStudio((state) => state.session.asked);
  return (
    <DropZone>
      <div className={styles.page} data-empty={!isLoaded && (asked !== null || !isLoading)}>
        <TopBar />
        <SessionNote />
        {isLoaded ? (
          <Workbench />
        ) : asked ? (
          <AskedFiles asked={asked} />
        ) : isLoading ? (
          <LoadingWorkbench />
        ) : (
          <Welcome />
        )}
        <PanelsAt place="status" />
        <PanelsAt place="dialog" />
      </div>
    </DropZone>
  );
}

function Workbench() {
  return (
    <>
      <main className={styles.main} aria-label="Compression">
        <PanelsAt place="main" />
        <div className={styles.charts}>
          <PanelsAt place="chart" />
        </div>
        <PanelsAt place="result" />
      </main>
      <aside className={styles.layers} aria-label="Layers">
        <PanelsAt place="side" />
      </aside>
    </>
  );
}
