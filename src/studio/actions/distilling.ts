import { recipeKey } from '../../compression/recipe';
import {
  beganDistilling,
  distilPace,
  distilTaskOf,
  taskOfNote,
  epochsOf,
  presentDistilling,
  stoppedAt,
} from '../../project/distilling';
import { withDistilling, withoutDistilling } from '../../project/foundTransitions';
import type { JobRunner } from '../../project/jobRunner';
import { distilling, pacing } from '../../project/kinds';
import { paceKey } from '../../project/repairs';
import type { Supervisor } from '../../project/supervisor';
import type { StudioStore } from '../store/store';

/** What a person can do about distillation. */
export interface DistilActions {
  /** Distils the chosen method's repaired plan. */
  distil(): void;
  /** Ends the distillation that goes on, and takes the best state that it has come to. */
  stopDistilling(): void;
  /** Ends it without taking anything. */
  cancelDistilling(): void;
  /** Finds what a distillation costs here, unless that is known. */
  timeDistilling(): void;
}

/** Distillation by hand: what goes on stands in the document, so that a reload finds it again. */
export function createDistilling(store: StudioStore, jobs: JobRunner, supervisor: Supervisor): DistilActions {
  const cancel = (key: string) => jobs.cancel({ kind: distilling, key }, 'studio');
  return {
    distil() {
      const task = distilTaskOf(store.getState());
      if (!task) return;
      store.setState((state) => withDistilling(state, beganDistilling(task)));
      void supervisor.ensure(distilling, task);
    },
    stopDistilling() {
      const note = presentDistilling(store.getState());
      if (!note) return;
      const { done, total } = epochsOf(note);
      if (done < 1 || done >= total) return;
      const key = recipeKey(note.recipe);
      const stopped = { ...note, recipe: stoppedAt(note.recipe, done) };
      // Not one behind the other: what is still asked for would begin again.
      store.setState((state) => withDistilling(withoutDistilling(state, key), stopped));
      cancel(key);
      void supervisor.ensure(distilling, taskOfNote(stopped));
    },
    cancelDistilling() {
      const note = presentDistilling(store.getState());
      if (!note) return;
      const key = recipeKey(note.recipe);
      store.setState((state) => withoutDistilling(state, key));
      cancel(key);
    },
    timeDistilling() {
      const state = store.getState();
      const task = distilTaskOf(state);
      const isKnown = distilPace.of(state, paceKey(state)) !== undefined;
      if (task && !isKnown && !presentDistilling(state)) void supervisor.ensure(pacing, task);
    },
  };
}
