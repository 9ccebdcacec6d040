import { subscribeWithSelector } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import { initialState, type Requested, type StudioState } from './state';

/** The store, free of React: actions and charts subscribe to it directly, components through a hook. */
export function createStudioStore(requested: Partial<Requested> = {}, ui: Partial<StudioState['ui']> = {}) {
  return createStore<StudioState>()(
    subscribeWithSelector(() => ({
      ...initialState,
      requested: { ...initialState.requested, ...requested },
      ui: { ...initialState.ui, ...ui },
    })),
  );
}

export type StudioStore = ReturnType<typeof createStudioStore>;
