import type { TimeTable } from '../../src/enc/timeTable';
import type { WantedFactors } from './factorise';
import { runKind, type RunSpec } from './kinds';

/** Times layers, whole and cut to some ranks, beside the whole network, in one thread. */
export interface LayerTimesSpec extends RunSpec {
  readonly task: {
    readonly network: string;
    /** All factorised before. */
    readonly layers: readonly (WantedFactors & { readonly ranks: readonly number[] })[];
    readonly batchSize: number;
    readonly rounds: number;
  };
  readonly event: never;
  readonly result: TimeTable;
}

export const layerTimesKind = runKind<LayerTimesSpec>('layer-times');
