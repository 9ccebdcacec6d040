import { evaluateKind } from '../../../workers/protocol/evaluate';
import type { Studio } from '../../../workers/protocol/studio';
import { recipeOf } from '../model/recipes';
import { measurementKey, scoreAnswers } from '../model/measurement';
import { plansAt } from '../model/planning/planner';
import { imageParts, inputPreprocessing, measurementContext } from '../store/selectors';
import type { StudioStore } from '../store/store';
import { withMeasurement } from '../store/transitions';
import type { JobRunner } from './jobRunner';

/** Targets at which the whole figure is measured. */
export const figureTargets = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** Measures every method's plan at every target of the figure, truncated, one after the other. */
export async function measureFigure(store: StudioStore, studio: Studio, jobs: JobRunner): Promise<void> {
  const state = store.getState();
  const parts = imageParts(state);
  const context = measurementContext(state);
  if (!state.network || !parts || context === null) return;
  const { network } = state;
  const planned = [...figureTargets]
    .reverse()
    .flatMap((target) => Object.values(plansAt(network.planner, target)));
  const preprocessing = inputPreprocessing(state);
  const { images, indices, labels } = parts.report;
  const selection = { images, indices, preprocessing };
  await jobs.run<null>('figure', 'Measuring the whole figure', async (signal, onProgress) => {
    const total = planned.length;
    for (const [done, { plan, key }] of planned.entries()) {
      onProgress({ stage: 'measuring', done, total, unit: 'plans' });
      const known = store.getState().measurements[measurementKey(context, key)];
      const own = { context, ranks: key, achieved: plan.achieved, methods: [plan.method] };
      if (known) {
        store.setState((present) => withMeasurement(present, { ...known, methods: [plan.method] }));
        continue;
      }
      const request = { recipe: recipeOf(network.summary, plan.ranks), selection };
      const outcome = await studio.run(signal, evaluateKind, request, () => undefined);
      if (!outcome.ok) return outcome;
      store.setState((present) =>
        withMeasurement(present, { ...own, ...scoreAnswers(outcome.value, labels) }),
      );
    }
    return { ok: true, value: null };
  });
}
