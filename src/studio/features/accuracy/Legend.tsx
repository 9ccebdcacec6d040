import { figurePoints } from '../../../project/figurePoints';
import { useStudio } from '../../context/context';
import { offeredMethods } from '../../model/methods';
import { MethodSwitches } from '../methods/MethodSwitches';
import styles from './AccuracyChart.module.css';

interface LegendProps {
  /** Methods that are not shown. */
  readonly hidden: ReadonlySet<string>;
  readonly onHide: (hidden: ReadonlySet<string>) => void;
}

/** What colours, marks and lines mean; what is not there is not explained. A click on a method hides it. */
export function Legend({ hidden, onHide }: LegendProps) {
  const hasRepaired = useStudio((state) => figurePoints(state).some(({ isRepaired }) => isRepaired));
  const hasDistilled = useStudio((state) => figurePoints(state).some(({ isDistilled }) => isDistilled));
  const hasEarlier = useStudio((state) => figurePoints(state).some(({ isPresent }) => !isPresent));
  return (
    <>
      <MethodSwitches methods={offeredMethods()} hidden={hidden} onChange={onHide} isQuiet />
      {hasRepaired && (
        <span className={styles.legend}>
          <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true" className={styles.sign}>
            <circle r="6" />
            <circle r="2" className={styles.dot} />
          </svg>{' '}
          repaired
        </span>
      )}
      {hasDistilled && (
        <span className={styles.legend}>
          <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true" className={styles.sign}>
            <circle r="7" />
            <circle r="4.5" />
            <circle r="1.5" className={styles.dot} />
          </svg>{' '}
          distilled
        </span>
      )}
      {hasEarlier && (
        <span
          className={styles.legend}
          title="Measured under other settings, layers or curves than the present"
        >
          <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true" className={styles.sign}>
            <circle r="4" className={styles.dot} data-earlier />
          </svg>{' '}
          earlier setting
        </span>
      )}
      {!hasRepaired && !hasEarlier && (
        <span className={`${styles.legend} ${styles.kind}`}>measured, 95 % interval</span>
      )}
      <span className={`${styles.legend} ${styles.kind}`}>
        <span className={styles.dash} /> predicted
      </span>
    </>
  );
}
