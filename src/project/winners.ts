import { curveMethods, racedMethods } from '../compression/methods';
import type { TaskTools } from './background';
import { winnerAt } from './jobs/race';
import { plansAt, plansOf, type PlannedMethod, type Planner, type Plans } from './plans';
import { raceTaskOf } from './race';
import { withPlans } from './foundTransitions';
import { withTarget } from './transitions';

/**
 * The plans of some methods at a target, wherever the slider stands: those that go by images are raced for it.
 *
 * @throws FailureError where a race fails or is cancelled
 */
export async function plansWithWinners(
  planner: Planner,
  target: number,
  tools: TaskTools,
  raced: readonly string[] = racedMethods().map(({ id }) => id),
): Promise<Plans> {
  const byCurves = plansAt(planner, target);
  // As if the slider stood there.
  const there = withPlans(withTarget(tools.getState(), target), target, byCurves);
  const won: [string, PlannedMethod][] = [];
  for (const id of raced) {
    const task = raceTaskOf(there, id);
    const winner = task && (await winnerAt(task, tools));
    if (winner) won.push([id, winner]);
  }
  return { ...byCurves, ...Object.fromEntries(won) };
}

/** The plan of one method at a target, wherever the slider stands; null where it has none. */
export async function planAt(
  planner: Planner,
  method: string,
  target: number,
  tools: TaskTools,
): Promise<PlannedMethod | null> {
  if (curveMethods().some(({ id }) => id === method)) return plansOf(planner, method, target, 1)[0] ?? null;
  return (await plansWithWinners(planner, target, tools, [method]))[method] ?? null;
}
