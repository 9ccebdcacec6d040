import { documentText } from '../../project/documentText';
import { measurementOf, repairedMeasurement } from '../../project/measurements';
import { formatPercent, formatTarget } from '../../project/numbers';
import { lookOf } from '../model/methods';
import { shownSample } from './samplesState';
import type { SessionRecord, Sources } from './sessionRecord';
import type { StudioState } from './state';
import { ownValue } from '../../network/ownValue';

/** The session as it stands. */
export function sessionOf(state: StudioState, id: string, sources: Sources, now: number): SessionRecord {
  const { document, curvesFrom, paused, results, ui } = state;
  return {
    ...{ id, title: titleOf(state), savedAt: now, state: stateText(state), ranks: ranksOf(state), sources },
    document: documentText(document),
    ...{ curvesFrom, paused, results, selectedLayer: ui.selectedLayer, layersView: ui.layersView },
  };
}

/** "res56 · test_1000.bin" */
function titleOf(state: StudioState): string {
  const { document } = state;
  const sample = shownSample(state);
  const names = [sample === null ? document.network?.name : `Sample ${sample}`, document.images?.name];
  return names.filter(Boolean).join(' · ');
}

function stateText(state: StudioState): string {
  const { method, target } = state.document.settings;
  const name = `${lookOf(method).name} at ${formatTarget(target)}`;
  const recipe = state.completed?.plans[method]?.recipe;
  const found = recipe && (repairedMeasurement(state, recipe) ?? measurementOf(state, recipe));
  return found && found.top1 !== null ? `${name}: ${formatPercent(found.top1 / found.count)} right` : name;
}

/** Bars of more layers than this are too thin to be seen. */
const mostBars = 60;

function ranksOf({ network, completed, document }: StudioState): number[] {
  const ranks = completed?.plans[document.settings.method]?.plan.ranks ?? {};
  const layers = (network?.summary.layers ?? []).filter(({ name }) => Object.hasOwn(ranks, name));
  return layers.slice(0, mostBars).map(({ name, rankMax }) => (ownValue(ranks, name) ?? rankMax) / rankMax);
}
