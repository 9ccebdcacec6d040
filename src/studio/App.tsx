import styles from './App.module.css';
import { AccuracyChart } from './charts/AccuracyChart';
import { CurvesChart } from './charts/CurvesChart';
import { RanksChart } from './charts/RanksChart';
import { LoadingWorkbench } from './gallery/LoadingWorkbench';
import { CompareDialog } from './comparing/CompareDialog';
import { ImagesDialog } from './imagesGrid/ImagesDialog';
import { DropZone } from './panels/DropZone';
import { LayerDetail } from './panels/LayerDetail';
import { LayersTable } from './panels/LayersTable';
import { MethodList } from './panels/MethodList';
import { StatusArea } from './panels/StatusArea';
import { TargetSlider } from './panels/TargetSlider';
import { TopBar } from './panels/TopBar';
import { Welcome } from './panels/Welcome';
import { useStudio } from './store/context';

/** The whole page: one screen, the slider and its consequences in the middle. */
export function App() {
  const isLoaded = useStudio((state) => state.network !== null);
  const isLoading = useStudio((state) => state.jobs.sample?.state === 'running');
  return (
    <DropZone>
      <div className={styles.page} data-empty={!isLoaded && !isLoading}>
        <TopBar />
        {isLoaded ? <Workbench /> : isLoading ? <LoadingWorkbench /> : <Welcome />}
        <StatusArea />
        <ImagesDialog />
        <CompareDialog />
      </div>
    </DropZone>
  );
}

function Workbench() {
  return (
    <>
      <main className={styles.main} aria-label="Compression">
        <TargetSlider />
        <AccuracyChart />
        <div className={styles.charts}>
          <CurvesChart />
          <RanksChart />
        </div>
        <MethodList />
      </main>
      <aside className={styles.layers} aria-label="Layers">
        <LayersTable />
        <LayerDetail />
      </aside>
    </>
  );
}
