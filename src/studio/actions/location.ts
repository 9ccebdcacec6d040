import type { Studio } from '../../../workers/protocol/studio';
import { isOfferedMethod } from '../methods';
import { targetRange, type Requested } from '../store/state';
import type { StudioStore } from '../store/store';

const restMilliseconds = 400;

type BackendRequest = Parameters<Studio['start']>[0];

/** What a link asks for: `?target=0.5&method=map`. Anything unreadable is left at its default. */
export function requestedFrom(query: string): Partial<Requested> {
  const parameters = new URLSearchParams(query);
  const target = Number(parameters.get('target') ?? NaN);
  const method = parameters.get('method') ?? '';
  return {
    ...(target >= targetRange.least && target <= targetRange.most ? { target } : {}),
    ...(isOfferedMethod(method) ? { method } : {}),
  };
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
  return `?${parameters}`;
}

/** Mirrors what was asked for to the address, once it rests. */
export function keepLocation(store: StudioStore): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  store.subscribe((state, former) => {
    const { target, method } = state.requested;
    if (target === former.requested.target && method === former.requested.method) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      history.replaceState(null, '', queryOf(store.getState().requested, location.search) + location.hash);
    }, restMilliseconds);
  });
}
