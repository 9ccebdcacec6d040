import { hasEnded } from '../../../project/jobStatus';
import { repairing } from '../../../project/kinds';
import { presentRepair } from '../../../project/measurements';
import { plansToRepair, repairStatus, repairTaskOf } from '../../../project/repairs';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import styles from '../measuring/MeasuringState.module.css';
import { ShortState } from '../measuring/ShortState';
import { StepProgress } from '../measuring/StepProgress';

interface RepairStateProps {
  readonly side: string;
  /** For the button's name. */
  readonly name: string;
  /** In few words, behind something else. */
  readonly isShort?: boolean;
}

/** Where the repair of a plan stands while there is no number of the repaired network. */
export function RepairState({ side, name, isShort = false }: RepairStateProps) {
  const job = useStudio((state) => repairStatus(state, repairTaskOf(state, side)?.recipe ?? null));
  const key = useStudio((state) => repairTaskOf(state, side)?.key ?? null);
  const isOff = useStudio((state) => presentRepair(state) === null);
  const isQueued = useStudio(
    (state) =>
      key !== null &&
      !hasEnded(state.jobs, repairing, key) &&
      plansToRepair(state).some((task) => task.key === key),
  );
  const { repair } = useActions();
  if (isShort && (key === null || (isQueued && !job))) return null;
  if (isShort) return <ShortState job={job} verb="repair" name={name} onStart={() => repair(side)} />;
  if (key === null) return <span className={styles.none}>{isOff ? 'off' : '–'}</span>;
  if (job?.state === 'running') {
    const { progress } = job;
    const verb = progress?.stage === 'repairing' || !progress ? 'repairing' : 'measuring';
    return <StepProgress text={verb} progress={progress} />;
  }
  if (isQueued) return <span className={styles.none}>queued</span>;
  return (
    <Button aria-label={`Repair ${name}`} onClick={() => repair(side)}>
      Repair
    </Button>
  );
}
