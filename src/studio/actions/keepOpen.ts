import type { Studio } from '../../../workers/protocol/studio';
import type { ProjectState } from '../../project/state';
import type { StudioStore } from '../store/store';

/** Networks and images that stay open though others have taken their place: what still runs may need them. */
const formerOnes = 4;

/** Lets the threads go of networks and images that were opened long before those in use. */
export function keepOpen(store: StudioStore, studio: Pick<Studio, 'closeFiles'>): void {
  let former: readonly string[] = [];
  store.subscribe((state, before) => {
    const open = new Set(inUse(state));
    const left = inUse(before).filter((fingerprint) => !open.has(fingerprint));
    if (left.length === 0) return;
    // The last to leave stands last.
    const all = [...former.filter((fingerprint) => !left.includes(fingerprint)), ...left];
    former = all.filter((fingerprint) => !open.has(fingerprint));
    const closed = former.slice(0, -formerOnes);
    former = former.slice(-formerOnes);
    if (closed.length > 0) studio.closeFiles(new Set(closed), open);
  });
}

function inUse({ network, images, tuning, sets }: ProjectState): readonly string[] {
  return [network?.summary, images, tuning, ...Object.values(sets)].flatMap((own) => own?.fingerprint ?? []);
}
