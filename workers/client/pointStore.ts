import type { RefitStep } from '../../src/compression/recipe';
import { pointKey, type MeasuredPoint } from '../../src/enc/sweep/points';
import { canonicalText } from '../../src/network/canonical';
import { contentDigest } from '../../src/network/contentDigest';
import type { Preprocessing } from '../../src/network/images';
import { createGroupedStore } from './groupedStore';

/** What points hold for. Another of any of these is another sweep. */
export interface SweepIdentity {
  /** Fingerprints. */
  readonly network: string;
  readonly images: string;
  /** The sweep's list of images: a point is about its first so many. */
  readonly indices: Uint32Array;
  readonly preprocessing: Preprocessing;
  /** What each layer went through before it was measured; null for truncated layers. */
  readonly refit: RefitStep | null;
}

/** Measured points that outlive the page. It may forget everything at any time, but never fails. */
export interface PointStore {
  /** All points of a sweep; none where nothing was saved or nothing can be read. */
  load(sweep: SweepIdentity): Promise<readonly MeasuredPoint[]>;
  /** Saves or replaces points; answers whether they were saved. */
  save(sweep: SweepIdentity, points: readonly MeasuredPoint[]): Promise<boolean>;
}

/** Raise it whenever points measured before would no longer be what is measured now. */
const version = 4;

/** Opens the browser's database at first use. */
export function createPointStore(): PointStore {
  const saved = createGroupedStore<{ readonly sweep: string; readonly point: MeasuredPoint }>(
    'enc-studio-points',
    version,
  );
  return {
    load: async (identity) => (await saved.load(sweepText(identity))).map(({ point }) => point),
    save: (identity, points) => {
      const sweep = sweepText(identity);
      return saved.save(
        sweep,
        points.map((point) => [pointKey(point), { sweep, point }]),
      );
    },
  };
}

/** A text that names a sweep. */
export function sweepText({ indices, ...identity }: SweepIdentity): string {
  return canonicalText({ ...identity, indices: contentDigest(indices) });
}
