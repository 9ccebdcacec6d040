import type { JobRunner } from '../../project/jobRunner';
import { keyOfKind } from '../../project/jobStatus';
import { searchingLossless } from '../../project/kinds';
import { losslessNote, losslessTask, smallestTrial } from '../../project/lossless';
import type { Supervisor } from '../../project/supervisor';
import { withTarget } from '../../project/transitions';
import type { StudioStore } from '../store/store';

/** What a person can do about the smallest plan without loss. */
export function createLossless(store: StudioStore, jobs: JobRunner, supervisor: Supervisor) {
  return {
    findLossless: () => void find(store, supervisor),
    stopLossless: () => {
      const kind = searchingLossless;
      const key = keyOfKind(store.getState().jobs, kind);
      if (key !== null) jobs.cancel({ kind, key }, 'studio');
    },
  };
}

async function find(store: StudioStore, supervisor: Supervisor): Promise<void> {
  const before = store.getState();
  const task = losslessTask(before);
  if (!task) return;
  const outcome = await supervisor.ensure(searchingLossless, task);
  const now = store.getState();
  const note = losslessNote(now, task);
  const found = note && smallestTrial(note);
  // Who has moved the slider meanwhile is busy elsewhere.
  const isWaiting = now.document.settings.target === before.document.settings.target;
  if (outcome.ok && found && isWaiting) store.setState((state) => withTarget(state, found.target));
}
