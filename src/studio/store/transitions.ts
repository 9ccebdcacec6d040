import { isIncluded } from '../../compression/inclusion';
import { recipeKey } from '../../compression/recipe';
import { greatestRank } from '../../project/layerDecisions';
import { withPresentPlans as withProjectPlans } from '../../project/presentPlans';
import { isUndecided, shortlyNamed, wholeNamed } from '../../project/layerSettings';
import type { Settings } from '../../project/settings';
import { withNetwork as withProjectNetwork, withSettings } from '../../project/transitions';
import type { ReadOptions } from '../../../workers/protocol/parse';
import type { NetworkSummary } from '../../../workers/protocol/summaries';
import type { StudioState } from './state';

/*
 * What events change on the page beside what they change of the project.
 */

/**
 * A newly opened network takes the place of the former one; files written of that one are no longer spoken of. What
 * the page's link decides about layers is taken once a network has all of them.
 *
 * @param reading how its files were read
 */
export function withNetwork(
  state: StudioState,
  title: string,
  summary: NetworkSummary,
  reading: ReadOptions = {},
): StudioState {
  const opened = { ...withProjectNetwork(state, title, summary, reading), exports: {} };
  const linked = state.linked && wholeNamed(state.linked, summary.layers);
  const next = linked ? { ...withSettings(opened, linked), linked: null } : opened;
  const { overrides } = next.document.settings;
  const cut = summary.layers.find((layer) => isIncluded(layer, overrides) && greatestRank(layer) >= 1);
  const selectedLayer = cut?.name ?? null;
  return { ...next, ui: { ...state.ui, focusedLayer: null, selectedLayer, selectedLayers: [] } };
}

/** The settings as a link says them: what another link decided about layers stays in it until it is taken. */
export function linkedSettings({ document, linked, network }: StudioState): Settings {
  const { settings } = document;
  if (linked && isUndecided(settings)) return { ...settings, ...linked };
  return network ? { ...settings, ...shortlyNamed(settings, network.summary.layers) } : settings;
}

/** The plans of the target worked out; a file written from another recipe is no longer spoken of. */
export function withPresentPlans(state: StudioState): StudioState {
  const next = withProjectPlans(state);
  const still = Object.entries(next.exports).filter(([method, note]) => {
    const recipe = next.completed?.plans[method]?.recipe;
    return recipe !== undefined && recipeKey(recipe) === note.recipe;
  });
  const isSame = still.length === Object.keys(next.exports).length;
  return isSame ? next : { ...next, exports: Object.fromEntries(still) };
}
