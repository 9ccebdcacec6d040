import type { LayerDescription } from '../network/layers';
import { ownValue } from '../network/ownValue';

/** What a person decided about single layers: true cuts it, false keeps it; absent means the default. */
export type LayerOverrides = Readonly<Record<string, boolean>>;

/** Whether rank selection may cut the layer. */
export function isIncluded(layer: LayerDescription, overrides: LayerOverrides): boolean {
  const chosen = ownValue(overrides, layer.name);
  return layer.kept === null && (chosen ?? layer.keptByDefault === null);
}
