import { createContext, use, useEffect, useEffectEvent, useLayoutEffect } from 'react';
import { useStore } from 'zustand';
import type { Actions } from '../actions';
import type { StudioState } from './state';
import type { StudioStore } from './store';

interface StudioContextValue {
  readonly store: StudioStore;
  readonly actions: Actions;
}

const StudioContext = createContext<StudioContextValue | null>(null);

export const StudioProvider = StudioContext.Provider;

function useStudioContext(): StudioContextValue {
  const value = use(StudioContext);
  if (!value) throw new Error('useStudioContext: expected a StudioProvider above this component, found none');
  return value;
}

/** One field of the state; the component renders again when it changes. */
export function useStudio<T>(select: (state: StudioState) => T): T {
  return useStore(useStudioContext().store, select);
}

export function useActions(): Actions {
  return useStudioContext().actions;
}

/** The state at the moment of an event, without subscribing to it. */
export function useStudioState(): () => StudioState {
  return useStudioContext().store.getState;
}

/**
 * Applies one field of the state straight to the document, after every change and every render, without
 * rendering React: for what changes with every frame of a drag.
 */
export function useLive<T>(select: (state: StudioState) => T, apply: (value: T) => void): void {
  const { store } = useStudioContext();
  const applyNow = useEffectEvent(() => apply(select(store.getState())));
  const onChange = useEffectEvent((state: StudioState, former: StudioState) => {
    const value = select(state);
    if (!Object.is(value, select(former))) apply(value);
  });
  useLayoutEffect(() => applyNow());
  useEffect(() => store.subscribe((state, former) => onChange(state, former)), [store]);
}
