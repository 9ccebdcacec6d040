import { layerTimes } from '../src/project/jobs/layerTimes';
import { isOnTime, timeTableKey, timeTableOf } from '../src/project/layerTimes';
import type { Workspace } from './workspace';

/** Times the layers where the budget is on time: plans are made from these times then. */
export async function timeLayersOfBudget(workspace: Workspace): Promise<void> {
  if (isOnTime(workspace.state)) await timeLayers(workspace);
}

/** Times the layers, unless they are timed already. */
export async function timeLayers(workspace: Workspace): Promise<void> {
  const { state, network } = workspace;
  if (timeTableOf(state)) return;
  const cuttable = network.layers.filter(({ kept, rankMax }) => kept === null && rankMax >= 1);
  await workspace.factorise([...cuttable, ...workspace.wantedAlternatives]);
  await workspace.perform(layerTimes, { key: timeTableKey(state)! });
}
