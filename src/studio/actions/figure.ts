import { evaluateKind } from '../../../workers/protocol/evaluate';
import type { Studio } from '../../../workers/protocol/studio';
import { imageParts, selectionOf } from '../../project/images';
import { onlyJob } from '../../project/jobStatus';
import type { JobRunner } from '../../project/jobRunner';
import { measurementOf } from '../../project/measurements';
import { plannerOf } from '../../project/planning';
import { plansAt } from '../../project/plans';
import { scoredMeasurement } from '../../project/scoring';
import { withMeasurement } from '../../project/transitions';
import type { StudioStore } from '../store/store';

/** Targets at which the whole figure is measured. */
export const figureTargets = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** Measures every method's plan at every target of the figure, truncated, one after the other. */
export async function measureFigure(store: StudioStore, studio: Studio, jobs: JobRunner): Promise<void> {
  const state = store.getState();
  const report = imageParts(state)?.report;
  const planner = plannerOf(state);
  const { network } = state;
  if (!network || !report || !planner) return;
  const planned = [...figureTargets].reverse().flatMap((target) => Object.values(plansAt(planner, target)));
  await jobs.run<null>(onlyJob('figure'), 'Measuring the whole figure', async (signal, onProgress) => {
    const total = planned.length;
    for (const [done, { plan, recipe }] of planned.entries()) {
      onProgress({ stage: 'measuring', done, total, unit: 'plans' });
      const known = measurementOf(store.getState(), recipe);
      if (known) {
        const own = { ...known, methods: [plan.method] };
        store.setState((present) => withMeasurement(present, recipe, own));
        continue;
      }
      const task = { recipe, selection: selectionOf(report) };
      const outcome = await studio.run(signal, evaluateKind, task, () => undefined);
      if (!outcome.ok) return outcome;
      const achieved = plan.costs.macs / network.summary.macs;
      const measurement = scoredMeasurement(recipe, report, outcome.value, achieved, [plan.method]);
      store.setState((present) => withMeasurement(present, recipe, measurement));
    }
    return { ok: true, value: null };
  });
}
