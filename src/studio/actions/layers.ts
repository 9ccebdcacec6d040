import type { LayerDescription } from '../../network/layers';
import {
  withLayersBounded,
  withLayersFree,
  withLayersLocked,
  withLayersMultiple,
  withLayersSplit,
  withLayersWhole,
  type RankBounds,
} from '../../project/layerDecisions';
import type { LayersView } from '../../project/layerOrder';
import type { FactorisationChoice } from '../../project/settings';
import { withOverride } from '../../project/transitions';
import type { StudioStore } from '../store/store';
import { ownValue } from '../../network/ownValue';

type Layers = readonly LayerDescription[];

/** What a person can do with layers. */
export interface LayerActions {
  /** Marks a layer everywhere while the pointer or the keyboard is on it. */
  focusLayer(layer: string | null): void;
  /** Shows a layer's details, and selects nothing else. */
  selectLayer(layer: string): void;
  /** Selects layers to act on together. @param current the one that the keyboard stands on */
  selectLayers(layers: readonly string[], current: string): void;
  /** Puts the table of layers in order, under blocks or not. */
  viewLayers(change: Partial<LayersView>): void;
  /** Includes a layer in rank selection, or keeps it as it is. */
  setLayerCut(layer: string, isCut: boolean): void;
  /** Leaves the layers' ranks to the methods. */
  freeLayers(layers: Layers): void;
  keepLayersWhole(layers: Layers): void;
  /** Fixes the rank of each layer; without ranks at what the selected method gives it now. */
  lockLayers(layers: Layers, rank?: number): void;
  /** @param boundsOf the ranks between which each layer is to stay */
  boundLayers(layers: Layers, boundsOf: (layer: LayerDescription) => RankBounds): void;
  /** Says what the layers' ranks are multiples of; null for what all others are. */
  setLayersMultiple(layers: Layers, multiple: number | null): void;
  /** Says how convolutions are split. */
  splitLayers(layers: Layers, choice: FactorisationChoice): void;
}

/** Layers are selected on the page, and what is decided about them are settings, so that undo goes over it. */
export function createLayerActions(store: StudioStore): LayerActions {
  const setUi = (change: Partial<ReturnType<StudioStore['getState']>['ui']>) =>
    store.setState((state) => ({ ui: { ...state.ui, ...change } }));
  return {
    focusLayer: (focusedLayer) => {
      if (store.getState().ui.focusedLayer !== focusedLayer) setUi({ focusedLayer });
    },
    selectLayer: (selectedLayer) => setUi({ selectedLayer, selectedLayers: [selectedLayer] }),
    selectLayers: (selectedLayers, selectedLayer) => setUi({ selectedLayers, selectedLayer }),
    viewLayers: (change) => setUi({ layersView: { ...store.getState().ui.layersView, ...change } }),
    setLayerCut: (layer, isCut) => store.setState((state) => withOverride(state, layer, isCut)),
    freeLayers: (layers) => store.setState((state) => withLayersFree(state, layers)),
    keepLayersWhole: (layers) => store.setState((state) => withLayersWhole(state, layers)),
    lockLayers: (layers, rank) =>
      store.setState((state) => {
        if (rank !== undefined) return withLayersLocked(state, layers, () => rank);
        const { completed, document } = state;
        const ranks = completed?.plans[document.settings.method]?.plan.ranks ?? {};
        // What no plan says anything of is kept already.
        const planned = layers.filter(({ name }) => Object.hasOwn(ranks, name));
        return withLayersLocked(state, planned, ({ name }) => ownValue(ranks, name) ?? null);
      }),
    setLayersMultiple: (layers, multiple) =>
      store.setState((state) => withLayersMultiple(state, layers, multiple)),
    splitLayers: (layers, choice) => store.setState((state) => withLayersSplit(state, layers, choice)),
    boundLayers: (layers, boundsOf) => store.setState((state) => withLayersBounded(state, layers, boundsOf)),
  };
}
