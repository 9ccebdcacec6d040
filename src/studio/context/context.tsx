import { createContext, use, useEffect, useEffectEvent, useLayoutEffect } from 'react';
import { useStore } from 'zustand';
import type { Actions } from '../actions';
import type { StudioState } from '../store/state';
import type { StudioStore } from '../store/store';

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
 *
 * @param every least time between two changes in milliseconds; the last one is never lost. Numbers that
 *   nobody can read at 60 frames a second need not be written that often.
 */
export function useLive<T>(select: (state: StudioState) => T, apply: (value: T) => void, every = 0): void {
  const { store } = useStudioContext();
  const applyNow = useEffectEvent(() => apply(select(store.getState())));
  const hasChanged = useEffectEvent((a: StudioState, b: StudioState) => !Object.is(select(a), select(b)));
  useLayoutEffect(() => applyNow());
  useEffect(() => {
    const later = createThrottle(() => applyNow(), every);
    const unsubscribe = store.subscribe((state, former) => {
      if (hasChanged(state, former)) later.call();
    });
    return () => {
      unsubscribe();
      later.stop();
    };
  }, [store, every]);
}

/** Calls at once where the last call is long enough ago, else once as soon as it is. */
function createThrottle(apply: () => void, every: number) {
  let last = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = () => {
    timer = undefined;
    last = performance.now();
    apply();
  };
  const call = () => {
    const wait = last + every - performance.now();
    if (every === 0 || wait <= 0) run();
    else timer ??= setTimeout(run, wait);
  };
  return { call, stop: () => clearTimeout(timer) };
}
