import { useEffect, useState } from 'react';

/** What a part of the program has come to. */
interface Loaded<T> {
  /** null until it is there. */
  readonly part: T | null;
  /** Why it could not be loaded, as a sentence; null where it was not tried, is on its way, or is there. */
  readonly problem: string | null;
}

/**
 * A part of the program that comes when it is first needed.
 *
 * @param load by `loadPart`, the same function every time; null while it is not wanted yet
 */
export function useLoaded<T extends object>(load: (() => Promise<T>) | null): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ part: null, problem: null });
  useEffect(() => {
    let isHere = true;
    void load?.().then(
      (part) => isHere && setLoaded({ part, problem: null }),
      (error: Error) => isHere && setLoaded({ part: null, problem: error.message }),
    );
    return () => {
      isHere = false;
    };
  }, [load]);
  return loaded;
}
