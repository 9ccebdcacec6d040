import type { Studio } from '../../../workers/protocol/studio';
import type { SplitSizes } from '../model/parts';
import { isOfferedMethod, isPairSide } from '../model/methods';
import { isCandidateCount } from '../model/race';
import { isMetricChoice } from '../model/shown';
import { targetRange, type Requested } from '../store/state';
import type { StudioStore } from '../store/store';

const restMilliseconds = 400;

type BackendRequest = Parameters<Studio['start']>[0];

/**
 * What a link asks for: `?target=0.5&method=map&metric=energy&search=box&pair=map,inf&seed=1&split=500,256` and
 * `candidates=20`. Anything unreadable is left at its default.
 */
export function requestedFrom(query: string): Partial<Requested> {
  const parameters = new URLSearchParams(query);
  const target = Number(parameters.get('target') ?? NaN);
  const method = parameters.get('method') ?? '';
  const metric = parameters.get('metric') ?? '';
  const [first, second] = (parameters.get('pair') ?? '').split(',');
  const seed = Number(parameters.get('seed') ?? NaN);
  const search = parameters.get('search');
  const candidates = Number(parameters.get('candidates') ?? NaN);
  const split = splitFrom(parameters.get('split'));
  return {
    ...(target >= targetRange.min && target <= targetRange.max ? { target } : {}),
    ...(isOfferedMethod(method) ? { method } : {}),
    ...(isMetricChoice(metric) ? { metric } : {}),
    ...(first !== undefined && second !== undefined && isPairSide(first) && isPairSide(second)
      ? { pair: [first, second] as const }
      : {}),
    ...(Number.isSafeInteger(seed) && seed >= 0 ? { seed } : {}),
    ...(search === 'all' || search === 'box' ? { searchesAll: search === 'all' } : {}),
    ...(isCandidateCount(candidates) ? { candidates } : {}),
    ...(split ? { split } : {}),
    ...(parameters.get('repair') === 'off' ? { isRepairing: false } : {}),
  };
}

/** Sizes as `calibration,selection`; null where it is anything else. What a set cannot give is held back later. */
function splitFrom(text: string | null): SplitSizes | null {
  const [, calibration, selection] = /^(\d{1,9}),(\d{1,9})$/.exec(text ?? '') ?? [];
  if (calibration === undefined || selection === undefined) return null;
  return { calibration: Number(calibration), selection: Number(selection) };
}

/** `?backend=webgpu` insists on one backend; otherwise the best one is chosen. */
export function backendFrom(query: string): BackendRequest {
  const backend = new URLSearchParams(query).get('backend');
  return backend === 'webgpu' || backend === 'wasm' || backend === 'cpu' ? backend : 'auto';
}

/** The query that restores the view, other parameters left as they are. */
export function queryOf(requested: Requested, query: string): string {
  const parameters = new URLSearchParams(query);
  parameters.set('target', String(Number(requested.target.toFixed(4))));
  parameters.set('method', requested.method);
  setUnless(parameters, 'metric', requested.metric, 'auto');
  setUnless(parameters, 'search', searchText(requested.searchesAll), 'auto');
  setUnless(parameters, 'pair', requested.pair.join(), 'map,inf');
  setUnless(parameters, 'seed', String(requested.seed), '0');
  setUnless(parameters, 'split', splitText(requested.split), 'auto');
  setUnless(parameters, 'candidates', String(requested.candidates), '20');
  setUnless(parameters, 'repair', requested.isRepairing ? 'on' : 'off', 'on');
  return `?${parameters}`;
}

/** "auto" where the metric decides. */
function searchText(searchesAll: boolean | null): string {
  return searchesAll === null ? 'auto' : searchesAll ? 'all' : 'box';
}

/** "auto" for the default sizes. */
function splitText(split: SplitSizes | null): string {
  return split ? `${split.calibration},${split.selection}` : 'auto';
}

/** A link that insists on a backend, everything else as it is. */
export function withBackend(query: string, backend: BackendRequest): string {
  const parameters = new URLSearchParams(query);
  parameters.set('backend', backend);
  return `?${parameters}`;
}

/** What is at its default is left out of the link. */
function setUnless(parameters: URLSearchParams, name: string, value: string, defaults: string): void {
  if (value === defaults) parameters.delete(name);
  else parameters.set(name, value);
}

/** Mirrors what was asked for to the address, once it rests. */
export function keepLocation(store: StudioStore): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  store.subscribe((state, former) => {
    if (state.requested === former.requested) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      history.replaceState(null, '', queryOf(store.getState().requested, location.search) + location.hash);
    }, restMilliseconds);
  });
}
