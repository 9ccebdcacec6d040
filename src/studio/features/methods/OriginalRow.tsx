import { measuringStatus, original, originalMeasurement } from '../../../project/measurements';
import { useStudio } from '../../context/context';
import { MeasuringState } from '../measuring/MeasuringState';
import { AccuracyCells, Cell, CostCells } from './MethodCells';
import { OriginalTimeCell } from './TimeCell';
import styles from './MethodRow.module.css';

/** The untouched network, for comparison. */
export function OriginalRow() {
  const summary = useStudio((state) => state.network?.summary);
  const measurement = useStudio((state) => originalMeasurement(state));
  const recipe = useStudio(original);
  const job = useStudio((state) => measuringStatus(state, recipe)?.status ?? null);
  if (!summary) return null;
  return (
    <article className={styles.row} aria-label="Original">
      <div className={styles.method}>
        <span className={styles.originalMark} aria-hidden="true" />
        <h2>Original</h2>
      </div>
      <AccuracyCells
        measurement={measurement}
        pending={<MeasuringState recipe={recipe} name="the original" />}
        pendingNote={job?.state === 'running' ? undefined : null}
      />
      <Cell heading="Predicted" value="" />
      <OriginalTimeCell />
      <CostCells macs={summary.macs} parameters={summary.parameters} bytes={summary.bytes} bytesAreExact />
    </article>
  );
}
