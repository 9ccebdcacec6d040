import type { Method } from '../../../enc/plan';
import { repairJobOf, repairOf, repairPlanOf } from '../../store/repairSelectors';
import { useActions, useStudio } from '../../context/context';
import styles from '../measuring/MeasuringState.module.css';

interface RepairStateProps {
  readonly method: Method;
  readonly ranks: string;
}

/** Where the repair of a method's plan stands, as an addition to its number. */
export function RepairState({ method, ranks }: RepairStateProps) {
  const job = useStudio((state) => {
    const plan = repairPlanOf(state, method);
    return plan ? (state.jobs[repairJobOf(plan)] ?? null) : null;
  });
  const isPlanned = useStudio((state) => repairPlanOf(state, method) !== null);
  const note = useStudio((state) => repairOf(state, ranks));
  const { retryRepair } = useActions();
  if (!isPlanned) return null;
  if (job?.state === 'running') {
    const { progress } = job;
    const isFitting = progress?.stage === 'repairing';
    return isFitting ? ` · repairing ${progress.done}/${progress.total}` : ' · repairing…';
  }
  if (note) return null;
  return (
    <>
      {' · '}
      <button type="button" className={styles.link} onClick={() => retryRepair(method)}>
        repair
      </button>
    </>
  );
}
