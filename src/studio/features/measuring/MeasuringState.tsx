import { isMeasuringBlocked } from '../../../project/measurements';
import type { Recipe } from '../../../compression/recipe';
import { measuring } from '../../../project/kinds';
import { measuringStatus, original } from '../../../project/measurements';
import { areCurvesMoving } from '../../../project/sweeps';
import { useActions, useStudio } from '../../context/context';
import styles from './MeasuringState.module.css';
import { Button } from '../../ui/Button';
import { ShortState } from './ShortState';
import { StepProgress } from './StepProgress';

interface MeasuringStateProps {
  readonly recipe: Recipe | null;
  /** For the button's name: "the original", "ENC-Map". */
  readonly name: string;
  /** In few words, behind something else. */
  readonly isShort?: boolean;
}

/** Where a measurement stands while there is no number yet. */
export function MeasuringState({ recipe, name, isShort = false }: MeasuringStateProps) {
  const job = useStudio((state) => measuringStatus(state, recipe)?.status ?? null);
  const key = useStudio((state) => measuringStatus(state, recipe)?.key ?? null);
  const isBlocked = useStudio(isMeasuringBlocked);
  const isMoving = useStudio((state) => areCurvesMoving(state) && recipe !== original(state));
  const { retry } = useActions();
  if (isShort)
    return job && key !== null ? (
      <ShortState job={job} verb="measure" name={name} onStart={() => retry({ kind: measuring, key })} />
    ) : null;
  if (key === null) return <span className={styles.none}>not measured</span>;
  if (job?.state === 'running') return <StepProgress text="measuring" progress={job.progress} />;
  if (job) {
    return (
      <Button aria-label={`Measure ${name}`} onClick={() => retry({ kind: measuring, key })}>
        Measure
      </Button>
    );
  }
  const state = isBlocked ? 'not measured' : isMoving ? 'waits for curves' : 'queued';
  return <span className={styles.none}>{state}</span>;
}
