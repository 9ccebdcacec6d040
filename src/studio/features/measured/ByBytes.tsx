import { loadPart } from '../../../network/parts';
import { accuracyOfPoint, bytesNote, bytesTargets, bytesTask, isOfOriginal } from '../../../project/byBytes';
import { bytesWeights, type BytesNote, type BytesPoint } from '../../../project/document';
import { isRunning } from '../../../project/jobStatus';
import { measuringBytes } from '../../../project/kinds';
import { presentRepair } from '../../../project/measurements';
import {
  formatBytes,
  formatDuration,
  formatHalfWidth,
  formatPercent,
  formatTarget,
} from '../../../project/numbers';
import { paceKey, repairSeconds } from '../../../project/repairs';
import { areCurvesMoving } from '../../../project/sweeps';
import { LazyFigure } from '../../charts/LazyFigure';
import { useActions, useStudio } from '../../context/context';
import { lookOf } from '../../model/methods';
import { Button } from '../../ui/Button';
import styles from './HistoryDialog.module.css';

const loadBytesChart = () =>
  loadPart('the figure of accuracy by bytes', () => import('./BytesChart')).then((part) => part.BytesChart);

/** Accuracy by bytes: the original stored in fewer bits, and the chosen method's plans stored so, too. */
export function ByBytes() {
  const task = useStudio(bytesTask);
  const note = useStudio((state) => bytesNote(state, bytesTask(state)));
  const isMeasuring = useStudio(({ jobs }) => isRunning(jobs, measuringBytes));
  const { measureByBytes, stopByBytes } = useActions();
  const points = note?.points ?? [];
  const all = bytesTargets.length * bytesWeights.length;
  return (
    <section className={styles.bytes} aria-labelledby="bytes-title">
      <header className={styles.head}>
        <h3 id="bytes-title">Accuracy by bytes</h3>
        {isMeasuring ? (
          <>
            <span className={styles.count} role="status">
              {points.length} of {all} measured
            </span>
            <Button onClick={stopByBytes}>Stop</Button>
          </>
        ) : (
          !note?.isFinished && (
            <Button disabled={!task} onClick={measureByBytes}>
              {points.length > 0 ? 'Go on' : 'Measure by bytes'}
            </Button>
          )
        )}
      </header>
      {!note?.isFinished && <Costs />}
      {note && points.length > 0 && (
        <>
          <LazyFigure load={loadBytesChart} props={{ note }} />
          <PointTable note={note} />
        </>
      )}
    </section>
  );
}

/** What it does, and about how long that takes. */
function Costs() {
  const name = useStudio(({ document }) => lookOf(document.settings.method).name);
  const isRepaired = useStudio((state) => presentRepair(state) !== null);
  const seconds = useStudio((state) => repairSeconds.of(state, paceKey(state)));
  const areMoving = useStudio(areCurvesMoving);
  const plans = bytesTargets.filter((target) => target < 1);
  // Rounding weights together looks at the images as repair does, layer by layer.
  const passes = (isRepaired ? plans.length : 0) + bytesTargets.length;
  const estimate =
    seconds === undefined
      ? 'that takes minutes'
      : `predicted to take about ${formatDuration(passes * seconds)}`;
  return (
    <p className={styles.missing}>
      Stores the original and {name} at {plans.map(formatTarget).join(', ')}
      {isRepaired ? ', repaired,' : ''} in {bytesWeights.join(', ')} and runs each on the report images:{' '}
      {estimate}.{areMoving ? ' Possible once the layers’ curves are measured.' : ''}
    </p>
  );
}

function nameOf({ method }: BytesNote, point: BytesPoint): string {
  return isOfOriginal(point) ? 'Original' : `${lookOf(method).name} at ${formatTarget(point.target)}`;
}

/** The same in numbers, the smallest first. */
function PointTable({ note }: { readonly note: BytesNote }) {
  const sorted = note.points.toSorted((a, b) => a.bytes - b.bytes);
  return (
    <div className={styles.points}>
      <table className={styles.table} aria-label="Accuracy by bytes">
        <thead>
          <tr>
            <th scope="col">Network</th>
            <th scope="col">Weights</th>
            <th scope="col">Bytes</th>
            <th scope="col">{note.points[0]?.kind === 'agreement' ? 'As the original' : 'Accuracy'}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((point) => {
            const { share, interval } = accuracyOfPoint(point);
            return (
              <tr key={`${point.target} ${point.weights}`}>
                <th scope="row">{nameOf(note, point)}</th>
                <td>{point.weights}</td>
                <td>{formatBytes(point.bytes)}</td>
                <td>
                  {formatPercent(share)} {formatHalfWidth(interval)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
