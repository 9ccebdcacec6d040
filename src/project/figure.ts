import { recipeKey } from '../compression/recipe';
import { evaluateKind } from '../../workers/protocol/evaluate';
import { unwrap } from '../network/failure';
import type { TaskTools } from './background';
import { imageParts, selectionOf } from './images';
import { runRepair } from './jobs/repair';
import { measurementOf, repairedMeasurement, repairedRecipe } from './measurements';
import { plannerOf } from './planning';
import type { PlannedMethod } from './plans';
import { scoredMeasurement } from './scoring';
import { askedOf } from './askedSettings';
import { withAsked, withMeasurement } from './foundTransitions';
import { plansWithWinners } from './winners';

/** Targets at which the whole figure is measured. */
export const figureTargets = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/**
 * Measures every method's plan at every target of the figure, the winners of races and repaired plans included. It ends
 * early where plans would be others by now: what was measured stays.
 *
 * @throws FailureError where a run fails or is cancelled
 */
export async function measureWholeFigure(tools: TaskTools): Promise<null> {
  const planner = plannerOf(tools.getState());
  if (!planner) return null;
  const targets = figureTargets.toReversed();
  for (const [done, target] of targets.entries()) {
    const report = () =>
      tools.onProgress({ stage: 'measuring', done, total: targets.length, unit: 'targets' });
    report();
    const quiet = { ...tools, onProgress: report };
    const plans = Object.entries(await plansWithWinners(planner, target, quiet));
    for (const step of [measureCut, measureRepaired])
      for (const [method, planned] of plans) {
        if (plannerOf(tools.getState()) !== planner) return null;
        noteAsked(target, method, planned, tools);
        await step(method, planned, quiet);
      }
  }
  return null;
}

/** A person may come back to a plan of the figure. */
function noteAsked(target: number, method: string, { recipe }: PlannedMethod, tools: TaskTools): void {
  tools.update((state) => withAsked(state, recipe, { ...askedOf(state.document.settings), target, method }));
}

async function measureCut(method: string, { plan, recipe }: PlannedMethod, tools: TaskTools): Promise<void> {
  const { studio, signal, getState, update } = tools;
  const known = measurementOf(getState(), recipe);
  if (known) {
    update((state) => withMeasurement(state, recipe, { ...known, methods: [method] }));
    return;
  }
  const { report } = imageParts(getState())!;
  const task = { recipe, selection: selectionOf(report) };
  const answers = unwrap(await studio.run(signal, evaluateKind, task, () => undefined));
  const achieved = plan.costs.macs / getState().network!.summary.macs;
  const measurement = scoredMeasurement(recipe, report, answers, achieved, [method]);
  update((state) => withMeasurement(state, recipe, measurement));
}

async function measureRepaired(method: string, planned: PlannedMethod, tools: TaskTools): Promise<void> {
  const { getState, update } = tools;
  const recipe = planned.isOriginal ? null : repairedRecipe(getState(), planned.recipe);
  if (!recipe) return;
  const known = repairedMeasurement(getState(), planned.recipe);
  if (known) {
    update((state) => withMeasurement(state, recipe, { ...known, methods: [method] }));
    return;
  }
  const achieved = planned.plan.costs.macs / getState().network!.summary.macs;
  await runRepair({ key: recipeKey(recipe), recipe, side: method, method, achieved }, tools);
}
