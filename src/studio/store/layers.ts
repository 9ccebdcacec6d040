import type { LayerDescription } from '../../network/layers';
import type { ProjectState } from '../../project/state';

/** A layer's description by name. */
export function layerNamed({ network }: ProjectState, name: string | null): LayerDescription | null {
  return network?.summary.layers.find((layer) => layer.name === name) ?? null;
}
