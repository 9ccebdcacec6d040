import type { Method } from '../../../enc/plan';
import { plansAt, type Planner } from '../../../project/plans';

/** Predicted quality of one method's plans over targets. */
export interface PredictedLine {
  readonly method: Method;
  readonly points: readonly { readonly achieved: number; readonly quality: number }[];
}

/** Targets of the lines. */
const lineTargets = Array.from({ length: 37 }, (_, index) => 0.1 + index * 0.025);
/** Milliseconds of work before others may use the thread: under two budgets one target takes several. */
const sliceMilliseconds = 3;

/** Works out the lines little by little; the last lines handed over are complete. */
export async function predictLines(
  planner: Planner,
  signal: AbortSignal,
  onLines: (lines: readonly PredictedLine[]) => void,
): Promise<void> {
  const byMethod = new Map<Method, { achieved: number; quality: number }[]>();
  let begun = performance.now();
  for (const target of lineTargets) {
    for (const { plan, predicted } of Object.values(plansAt(planner, target))) {
      if (predicted === null || !plan.reached) continue;
      const points = byMethod.get(plan.method) ?? [];
      const achieved = plan.costs.macs / planner.problem.totals.macs;
      byMethod.set(plan.method, [...points, { achieved, quality: predicted }]);
    }
    if (performance.now() - begun > sliceMilliseconds) {
      await new Promise((resolve) => setTimeout(resolve, 8));
      begun = performance.now();
    }
    if (signal.aborted) return;
  }
  onLines([...byMethod].map(([method, points]) => ({ method, points })));
}
