import type { Recipe } from '../compression/recipe';
import type { Cost } from '../enc/costs';
import { measuredTime, timeCost, timedRanks, type TimeTable } from '../enc/timeTable';
import type { LayerDescription } from '../network/layers';
import { usefulRanks } from '../enc/problem';
import type { LayerTimesSpec } from '../../workers/protocol/layerTimes';
import type { NetworkSummary } from '../../workers/protocol/summaries';
import { resultsOf } from './results';
import type { LayerFactorisations } from './settings';
import type { ProjectState } from './state';
import { ownValue } from '../network/ownValue';

/** Times of layers. They hold for this machine, so they last for the session only. */
export const timeTables = resultsOf<TimeTable>('layer-times');

/** Runs of each layer: few, as isotonic curves through several ranks even out what is left of chance. */
const rounds = 7;
/** Time is that of one image, as a device waits for it. */
const batchSize = 1;

/**
 * What times the layers of a network: every one that can be cut, so that including one later costs nothing, and those
 * whose better split is to be found in both ways.
 */
export function layerTimesTask(
  { fingerprint, layers, alternatives = [] }: NetworkSummary,
  choices: LayerFactorisations,
): LayerTimesSpec['task'] {
  const others = alternatives.filter(({ name }) => ownValue(choices, name) === 'automatic');
  const timed = [...layers, ...others].flatMap((layer) => {
    const most = usefulRanks(layer).at(-1);
    if (layer.kept !== null || most === undefined) return [];
    return [{ layer: layer.name, factorisation: layer.factorisation, ranks: timedRanks(most) }];
  });
  return { network: fingerprint, layers: timed, batchSize, rounds };
}

/** Whether plans are held to time. */
export function isOnTime({ document }: ProjectState): boolean {
  const { cost, second } = document.settings;
  return cost === measuredTime.id || second?.cost === measuredTime.id;
}

/** Names the times of the present network's layers on the backend that runs; null before both are there. */
export function timeTableKey({ backend, network, document }: ProjectState): string | null {
  if (!backend || !network) return null;
  const { fingerprint, alternatives = [] } = network.summary;
  const { factorisations } = document.settings;
  const split = alternatives.flatMap(({ name }) => {
    const choice = ownValue(factorisations, name) ?? 'spatial';
    return choice === 'spatial' ? [] : [`${name} ${choice}`];
  });
  return [`${fingerprint}@${backend.backend}`, ...split.sort()].join('\n');
}

/** What the layers' times foretell of a network that is cut, in milliseconds. */
export function foretoldTime(table: TimeTable, layers: readonly LayerDescription[], recipe: Recipe): number {
  const cost = timeCost(table);
  return layers.reduce((time, layer) => {
    const choice = ownValue(recipe.layers, layer.name);
    if (choice?.kind !== 'low-rank') return time;
    const cut = { ...layer, factorisation: choice.factorisation };
    return time - cost.ofLayer(cut) + cost.atRank(cut, choice.rank);
  }, table.total);
}

/** The times of the present network's layers, once they are measured. */
export function timeTableOf(state: ProjectState): TimeTable | null {
  const key = timeTableKey(state);
  return (key !== null && timeTables.of(state, key)) || null;
}

/** Time as what plans are held to; undefined where they are not, or before it is measured. */
export function timeOfBudget(state: ProjectState): Cost | undefined {
  const table = isOnTime(state) ? timeTableOf(state) : null;
  return table ? timeCost(table) : undefined;
}
