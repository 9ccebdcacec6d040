import type { LayerDescription } from '../network/layers';
import { shortLayerName } from './numbers';

type Named = Pick<LayerDescription, 'name'>;

/** By its whole name, or by the short one that the page shows where no other layer has it. */
export function layerNamed<Layer extends Named>(layers: readonly Layer[], name: string): Layer | undefined {
  const short = layers.filter((layer) => shortLayerName(layer.name) === name);
  return layers.find((layer) => layer.name === name) ?? (short.length === 1 ? short[0] : undefined);
}

/** The shortest name that {@link layerNamed} knows a layer by. */
export function shortestName(layers: readonly Named[], name: string): string {
  const short = shortLayerName(name);
  return layerNamed(layers, short)?.name === name ? short : name;
}
