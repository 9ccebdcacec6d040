import { subscribeWithSelector } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import { layerSettingsOf, isUndecided, withoutLayers } from '../../project/layerSettings';
import { defaultSettings, type Settings } from '../../project/settings';
import type { ProjectStore } from '../../project/state';
import { withSettings } from '../../project/transitions';
import { initialState, type StudioState } from './state';

/**
 * The store, free of React: actions and charts subscribe to it directly, components through a hook.
 *
 * @param asked by the link that the page was opened by; what it decides about layers waits for their network
 */
export function createStudioStore(asked: Partial<Settings> = {}, ui: Partial<StudioState['ui']> = {}) {
  const linked = layerSettingsOf({ ...defaultSettings, ...asked });
  return createStore<StudioState>()(
    subscribeWithSelector(() => ({
      ...withSettings(initialState, withoutLayers(asked)),
      linked: isUndecided(linked) ? null : linked,
      ui: { ...initialState.ui, ...ui },
    })),
  );
}

export type StudioStore = ReturnType<typeof createStudioStore>;

/** The store as the project sees it; whatever the page adds to a state, the project's changes keep. */
export function projectStoreOf(store: StudioStore): ProjectStore {
  return {
    getState: store.getState,
    setState: (change) =>
      store.setState((state) => {
        const next = change(state);
        return next === state ? state : { ...state, ...next };
      }, true),
    subscribe: (listener) => store.subscribe(listener),
  };
}
