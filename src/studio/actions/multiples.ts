import { timingMultiples } from '../../project/kinds';
import { multiplesNote, multiplesTask } from '../../project/multiples';
import type { Supervisor } from '../../project/supervisor';
import { withSettings } from '../../project/transitions';
import type { StudioStore } from '../store/store';

/** What a person can do about ranks that are multiples of something. */
export function createMultiples(store: StudioStore, supervisor: Supervisor) {
  return {
    findMultiple: () => void find(store, supervisor),
  };
}

async function find(store: StudioStore, supervisor: Supervisor): Promise<void> {
  const before = store.getState();
  const task = multiplesTask(before);
  if (!task) return;
  const outcome = await supervisor.ensure(timingMultiples, task);
  const now = store.getState();
  const note = multiplesNote(now);
  // Who has chosen another one meanwhile has decided.
  const isWaiting = now.document.settings.multiple === before.document.settings.multiple;
  if (outcome.ok && note && isWaiting)
    store.setState((state) => withSettings(state, { multiple: note.best }));
}
