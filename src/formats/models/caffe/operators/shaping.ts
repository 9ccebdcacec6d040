import { sizeOf } from '../../../../network/shapes';
import { cannot } from '../../onnx/context';
import type { CaffeLayer } from '../layer';

/** Flatten of everything but the batch. */
export function flatten(layer: CaffeLayer): void {
  const { axis = 1, end_axis = -1 } = layer.message.flatten_param ?? {};
  const rank = layer.shape().length;
  if (axis !== 1 || (end_axis !== -1 && end_axis !== rank))
    cannot(`it flattens axes ${axis} to ${end_axis}, expected all but the batch (1 to -1).`);
  layer.emit({ kind: 'flatten', order: 'chw' });
}

/** Reshape of one image to a vector or another image. */
export function reshape(layer: CaffeLayer): void {
  const { shape, axis = 0, num_axes = -1 } = layer.message.reshape_param ?? {};
  if (axis !== 0 || num_axes !== -1) cannot('it reshapes some axes only.');
  const [batch, ...given] = shape?.dim ?? [];
  const old = layer.shape();
  const first = old.length === 3 ? [old[2]!, old[0]!, old[1]!] : old;
  const extents = given.map((extent, index) => (extent === 0 ? (first[index] ?? 0) : extent));
  const known = extents.filter((extent) => extent !== -1).reduce((all, extent) => all * extent, 1);
  const whole = extents.map((extent) => (extent === -1 ? sizeOf(old) / known : extent));
  const isKept = batch === 0 || (batch === -1 && !extents.includes(-1));
  if (
    !isKept ||
    sizeOf(whole) !== sizeOf(old) ||
    !whole.every((extent) => extent >= 1 && Number.isInteger(extent))
  )
    cannot(`its new shape [${[batch, ...given].join(', ')}] does not keep images apart.`);
  const [channels, height, width] = whole;
  if (whole.length === 1) layer.emit({ kind: 'flatten', order: 'chw' });
  else if (whole.length === 3)
    layer.emit({ kind: 'reshape', shape: [height!, width!, channels!], order: 'chw' });
  else cannot(`its new shape has ${whole.length + 1} axes, expected 2 or 4.`);
}

/** Split: every blob it writes is the one it reads. */
export function split(layer: CaffeLayer): void {
  for (const blob of layer.message.top) layer.context.alias(blob, layer.input);
}
