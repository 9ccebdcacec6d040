import { original, originalMeasurement } from '../../../project/measurements';
import { useStudio } from '../../context/context';
import { MeasuringState } from '../measuring/MeasuringState';
import stateStyles from '../measuring/MeasuringState.module.css';
import { AccuracyCell, AnswersCell, CostCells } from './MethodCells';
import { OriginalTimeCell } from './TimeCell';
import styles from './MethodRow.module.css';

/** The untouched network, for comparison. */
export function OriginalRow() {
  const summary = useStudio((state) => state.network?.summary);
  const measurement = useStudio((state) => originalMeasurement(state));
  const recipe = useStudio(original);
  if (!summary) return null;
  return (
    <article className={styles.row} aria-label="Original">
      <div className={styles.method}>
        <span className={styles.originalMark} aria-hidden="true" />
        <h2>Original</h2>
      </div>
      <AccuracyCell
        stage="Not cut"
        className={styles.uncut}
        measurement={measurement}
        pending={
          measurement ? (
            <span className={stateStyles.none}>no labels</span>
          ) : (
            <MeasuringState recipe={recipe} name="the original" />
          )
        }
        pendingNote={measurement ? 'the others are compared with it' : null}
      />
      <AnswersCell measurement={measurement} />
      <OriginalTimeCell />
      <CostCells macs={summary.macs} parameters={summary.parameters} bytes={summary.bytes} bytesAreExact />
      <div className={styles.action} />
    </article>
  );
}
