import type { CornerSizes, KernelCorner } from '../../src/network/kernelCorner';
import type { SplitLayer } from './factors';
import { runKind, type RunSpec } from './kinds';

/** Shows a corner of a layer's kernel beside its factors, which a thread holds already. */
export interface KernelCornerSpec extends RunSpec {
  readonly task: { readonly network: string; readonly most: CornerSizes } & SplitLayer;
  readonly event: never;
  readonly result: KernelCorner;
}

export const kernelCornerKind = runKind<KernelCornerSpec>('kernel-corner', 'immediate');
