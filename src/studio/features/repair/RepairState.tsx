import { repairOf, repairStatus, repairTaskOf } from '../../../project/repairs';
import { useActions, useStudio } from '../../context/context';
import styles from '../measuring/MeasuringState.module.css';

/** Where the repair of a method's plan stands, as an addition to its number. */
export function RepairState({ method }: { readonly method: string }) {
  const job = useStudio((state) => repairStatus(state, repairTaskOf(state, method)?.recipe ?? null));
  const isPlanned = useStudio((state) => repairTaskOf(state, method) !== null);
  const note = useStudio((state) => {
    const planned = state.completed?.plans[method];
    return planned ? repairOf(state, planned.recipe) : null;
  });
  const { repair } = useActions();
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
      <button type="button" className={styles.link} onClick={() => repair(method)}>
        repair
      </button>
    </>
  );
}
