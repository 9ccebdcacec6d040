import { useEffect, useRef, useState } from 'react';
import { useLive, useStudioState } from '../../context/context';
import type { StudioState } from '../../store/state';

/** How long nothing has changed once it rests, in milliseconds. */
const restMilliseconds = 300;

/**
 * One field of the state as it was when it rested last: while it changes, and while the pointer is held down, the
 * former value stays. For what must not jump about while something is dragged.
 *
 * @param select the same function every time
 */
export function useResting<T>(select: (state: StudioState) => T): T {
  const getState = useStudioState();
  const [value, setValue] = useState(() => select(getState()));
  const rest = useRef<ReturnType<typeof watchForRest> | null>(null);
  useEffect(() => {
    const own = watchForRest(() => setValue(() => select(getState())));
    rest.current = own;
    // It may have changed since it was drawn.
    own.changed();
    return () => {
      rest.current = null;
      own.stop();
    };
  }, [select, getState]);
  useLive(select, () => rest.current?.changed());
  return value;
}

function watchForRest(settle: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isHeld = false;
  let isDue = false;
  const events = new AbortController();
  const onWindow = (name: string, listen: () => void) =>
    addEventListener(name, listen, { signal: events.signal, capture: true });
  const release = () => {
    isHeld = false;
    if (isDue) settle();
    isDue = false;
  };
  onWindow('pointerdown', () => (isHeld = true));
  onWindow('pointerup', release);
  onWindow('pointercancel', release);
  return {
    changed(): void {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (isHeld) isDue = true;
        else settle();
      }, restMilliseconds);
    },
    stop(): void {
      clearTimeout(timer);
      events.abort();
    },
  };
}
