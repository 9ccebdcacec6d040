import { methods } from '../compression/methods';
import { firstMetric } from '../compression/metrics';
import { canonicalKey } from '../network/canonical';
import { imageParts } from './images';
import { imagesKey } from './measurement';
import { shownCurves } from './planning';
import { presentPoints, presentPointsKey } from './points';
import { remembered } from './remembered';
import type { ProjectState } from './state';

/** Names what a method's plans follow from at present, the target apart: another name, and they may be others. */
export function originOf(state: ProjectState, method: string): string {
  const { bySettings, byCurves, raced } = origins(state);
  // Ranks that somebody gave follow from nothing here.
  const needs = methods.find(method)?.needs;
  return `${method} ${needs?.images ? raced : needs?.curves ? byCurves : bySettings}`;
}

const origins = remembered(
  (state: ProjectState) => [
    // The target is no part of it: it moves with every frame of a drag.
    ...settingsOf(state),
    shownCurves(state)?.metric,
    presentPointsKey(state),
    presentPoints(state).length,
    imageParts(state),
    state.document.settings.candidates,
  ],
  (state) => {
    const metric = shownCurves(state)?.metric ?? null;
    const points = metric === firstMetric ? null : [presentPointsKey(state), presentPoints(state).length];
    const byCurves = [settingsOf(state), metric, points];
    const selection = imageParts(state)?.selection.drawn;
    return {
      bySettings: shortKey(settingsOf(state)),
      byCurves: shortKey(byCurves),
      raced: shortKey([
        byCurves,
        state.document.settings.candidates,
        selection ? imagesKey(selection) : null,
      ]),
    };
  },
);

function settingsOf({ document }: ProjectState): readonly unknown[] {
  const { overrides, searchesAll, searchSpread, searchSlack, cost, second, multiple, limits } =
    document.settings;
  const { factorisations } = document.settings;
  // Names from before layers could be split otherwise stay as they are.
  const splits = Object.keys(factorisations).length > 0 ? [factorisations] : [];
  return [overrides, searchesAll, searchSpread, searchSlack, cost, second, multiple, limits, ...splits];
}

/** Long enough to tell the settings of one session apart. */
function shortKey(value: unknown): string {
  return canonicalKey(value).slice(0, 16);
}
