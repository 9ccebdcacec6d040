import { formatInteger } from '../../../project/numbers';
import { isMeasuringBlocked, measuringJob } from '../../store/selectors';
import { useActions, useStudio } from '../../context/context';
import styles from './MeasuringState.module.css';
import { Button } from '../../ui/Button';

interface MeasuringStateProps {
  readonly ranks: string;
  /** For the button's name: "the original", "ENC-Map". */
  readonly name: string;
}

/** Where a measurement stands while there is no number yet. */
export function MeasuringState({ ranks, name }: MeasuringStateProps) {
  const job = useStudio((state) => measuringJob(state, ranks)?.status ?? null);
  const id = useStudio((state) => measuringJob(state, ranks)?.id ?? null);
  const isBlocked = useStudio(isMeasuringBlocked);
  const { retryMeasurement } = useActions();
  if (id === null) return <span className={styles.none}>not measured</span>;
  if (job?.state === 'running') {
    const { progress } = job;
    const share = progress ? progress.done / progress.total : 0;
    return (
      <span className={styles.running}>
        <span className={styles.text}>
          {progress ? `${formatInteger(progress.done)} of ${formatInteger(progress.total)}` : 'measuring'}
        </span>
        <span className={styles.bar}>
          <span style={{ width: `${share * 100}%` }} />
        </span>
      </span>
    );
  }
  if (job) {
    return (
      <Button aria-label={`Measure ${name}`} onClick={() => retryMeasurement(id)}>
        Measure
      </Button>
    );
  }
  return <span className={styles.none}>{isBlocked ? 'not measured' : 'queued'}</span>;
}
