import { plannerOf } from '../../project/planning';
import type { StudioState } from '../store/state';
import type { StudioStore } from '../store/store';
import { withPresentPlans } from '../store/transitions';
import { nextFrame } from './frames';

/** Keeps the plans at the newest target: one computation per frame, nothing queued behind it. */
export function keepPlanning(store: StudioStore): void {
  const plan = nextFrame<null>(() => store.setState(withPresentPlans));
  let last: unknown = null;
  /** The planner is derived and remembers one answer only, so it is asked for the newest state alone. */
  function hasOtherPlanner(state: StudioState, former: StudioState): boolean {
    const { document, network, images, results } = state;
    const isSame = document === former.document && network === former.network && images === former.images;
    // Times of layers are among the results.
    if (isSame && results === former.results) return false;
    const planner = plannerOf(state);
    const isOther = planner !== last;
    last = planner;
    return isOther;
  }
  store.subscribe((state, former) => {
    const isNew =
      state.document.settings.target !== former.document.settings.target ||
      state.races !== former.races ||
      hasOtherPlanner(state, former);
    if (isNew) plan(null);
  });
}
