import type { ProjectState } from './state';

/** What one kind of work has found, by the keys of its tasks. */
export interface Results<T> {
  /** Undefined where nothing was found yet. */
  of(state: ProjectState, key: string): T | undefined;
  /** The state with one more. */
  put<S extends ProjectState>(state: S, key: string, result: T): S;
}

/**
 * A place for what a job finds and nothing else in the project asks about: it lasts as long as the session and
 * stands in no document. Give it a name of its own, such as the job's kind.
 */
export function resultsOf<T>(kind: string): Results<T> {
  return {
    // Only what is put below lies under the kind.
    of: ({ results }, key) => results[kind]?.[key] as T | undefined,
    put: (state, key, result) => ({
      ...state,
      results: { ...state.results, [kind]: { ...state.results[kind], [key]: result } },
    }),
  };
}
