import { figureTargets } from '../../../project/figure';
import { isRunning, onlyJob } from '../../../project/jobStatus';
import { originalMeasurement, presentRepair } from '../../../project/measurements';
import { formatDuration } from '../../../project/numbers';
import { paceKey, repairSeconds } from '../../../project/repairs';
import { useActions, useStudio } from '../../context/context';
import { offeredMethods } from '../../model/methods';
import { Button } from '../../ui/Button';
import styles from './AccuracyChart.module.css';

/** Measures every method at every target, in the background. */
export function FigureButton() {
  const isMeasuring = useStudio((state) => isRunning(state.jobs, 'figure'));
  const hasImages = useStudio((state) => originalMeasurement(state) !== null);
  const isRepaired = useStudio((state) => presentRepair(state) !== null);
  const seconds = useStudio((state) => repairSeconds.of(state, paceKey(state)));
  const { measureFigure, cancel } = useActions();
  // Of like plans only one is repaired.
  const most = (seconds ?? 0) * figureTargets.length * offeredMethods().length;
  const estimate = isRepaired && most > 0 ? `; it takes ${formatDuration(most)} at most` : '';
  return (
    <Button
      className={styles.whole}
      disabled={!hasImages}
      title={`Runs every method at 10, 20, … 90 % of the MACs on the report images, as cut${isRepaired ? ' and repaired' : ''}${estimate}`}
      onClick={() => (isMeasuring ? cancel(onlyJob('figure')) : measureFigure())}
    >
      {isMeasuring ? 'Stop measuring' : 'Measure this whole figure'}
    </Button>
  );
}
