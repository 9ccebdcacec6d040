import type { Studio } from '../../../workers/protocol/studio';
import { queryOf } from '../../project/address';
import { shownSample } from '../store/samplesState';
import type { StudioState } from '../store/state';
import type { StudioStore } from '../store/store';
import { linkedSettings } from '../store/transitions';

const restMilliseconds = 400;

type BackendRequest = Parameters<Studio['start']>[0];

/** `?backend=webgpu` insists on one backend; otherwise the best one is chosen. */
export function backendFrom(query: string): BackendRequest {
  const backend = new URLSearchParams(query).get('backend');
  return backend === 'webgpu' || backend === 'wasm' || backend === 'cpu' ? backend : 'auto';
}

/** A link that insists on a backend, everything else as it is. */
export function withBackend(query: string, backend: BackendRequest): string {
  const parameters = new URLSearchParams(query);
  parameters.set('backend', backend);
  return `?${parameters}`;
}

/**
 * A link to the page as it stands: every setting that an address can say, and the sample where one is open.
 *
 * @param address of the page, whole
 */
export function shareLink(state: StudioState, address: string): string {
  const link = new URL(address);
  // What is open counts, whatever the page was opened by.
  link.searchParams.set('sample', shownSample(state) ?? 'none');
  link.search = queryOf(linkedSettings(state), link.search);
  return link.href;
}

/** Mirrors the settings to the address, once they rest. */
export function keepLocation(store: StudioStore): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  store.subscribe((state, former) => {
    if (state.document.settings === former.document.settings) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const query = queryOf(linkedSettings(store.getState()), location.search);
      history.replaceState(null, '', query + location.hash);
    }, restMilliseconds);
  });
}
