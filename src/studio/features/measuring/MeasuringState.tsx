import { isMeasuringBlocked } from '../../../project/measurements';
import { formatInteger } from '../../../project/numbers';
import type { Recipe } from '../../../compression/recipe';
import { measuring } from '../../../project/kinds';
import { measuringStatus } from '../../../project/measurements';
import { useActions, useStudio } from '../../context/context';
import styles from './MeasuringState.module.css';
import { Button } from '../../ui/Button';

interface MeasuringStateProps {
  readonly recipe: Recipe | null;
  /** For the button's name: "the original", "ENC-Map". */
  readonly name: string;
}

/** Where a measurement stands while there is no number yet. */
export function MeasuringState({ recipe, name }: MeasuringStateProps) {
  const job = useStudio((state) => measuringStatus(state, recipe)?.status ?? null);
  const key = useStudio((state) => measuringStatus(state, recipe)?.key ?? null);
  const isBlocked = useStudio(isMeasuringBlocked);
  const { retry } = useActions();
  if (key === null) return <span className={styles.none}>not measured</span>;
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
      <Button aria-label={`Measure ${name}`} onClick={() => retry({ kind: measuring, key })}>
        Measure
      </Button>
    );
  }
  return <span className={styles.none}>{isBlocked ? 'not measured' : 'queued'}</span>;
}
