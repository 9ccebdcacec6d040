import { plannerOf } from '../../project/planning';
import { plansAt } from '../../project/plans';
import { racedPlans } from '../../project/race';
import type { StudioStore } from '../store/store';
import { withPlans } from '../store/transitions';
import { nextFrame } from './frames';

/** Keeps the plans at the newest target: one computation per frame, nothing queued behind it. */
export function keepPlanning(store: StudioStore): void {
  const plan = nextFrame<null>(() => {
    const state = store.getState();
    const planner = plannerOf(state);
    if (!planner) return;
    const { target } = state.document.settings;
    const plans = { ...plansAt(planner, target), ...racedPlans(state) };
    store.setState((present) => withPlans(present, target, plans));
  });
  store.subscribe((state, former) => {
    const isNew =
      state.document.settings.target !== former.document.settings.target ||
      state.races !== former.races ||
      hasOtherPlanner(state, former);
    if (isNew) plan(null);
  });

  let last: unknown = null;
  /** The planner is derived and remembers one answer only, so it is asked for the newest state alone. */
  function hasOtherPlanner(state: Parameters<typeof plannerOf>[0], former: typeof state): boolean {
    if (
      state.document === former.document &&
      state.network === former.network &&
      state.images === former.images
    )
      return false;
    const planner = plannerOf(state);
    const isOther = planner !== last;
    last = planner;
    return isOther;
  }
}
