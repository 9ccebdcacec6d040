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

/** Reshape of one image to any axes, or of some neighbouring axes of it. */
export function reshape(layer: CaffeLayer): void {
  const { shape, axis = 0, num_axes: count = -1 } = layer.message.reshape_param ?? {};
  const given = shape?.dim ?? [];
  const old = layer.shape();
  const theirs = [0, ...(old.length === 3 ? [old[2]!, old[0]!, old[1]!] : old)];
  const first = axis < 0 ? axis + theirs.length + 1 : axis;
  const last = count === -1 ? theirs.length : first + count;
  const replaced = given.map((extent, index) => (extent === 0 ? (theirs[first + index] ?? 0) : extent));
  const all = [...theirs.slice(0, first), ...replaced, ...theirs.slice(last)];
  const [batch, ...extents] = all;
  const known = extents.filter((extent) => extent !== -1).reduce((product, extent) => product * extent, 1);
  const whole = extents.map((extent) => (extent === -1 ? sizeOf(old) / known : extent));
  const isKept = batch === 0 || (batch === -1 && !extents.includes(-1));
  const isWhole = whole.every((extent) => extent >= 1 && Number.isInteger(extent));
  if (!isKept || !isWhole || sizeOf(whole) !== sizeOf(old))
    cannot(`its new shape [${all.join(', ')}] does not keep images apart.`);
  const [channels, height, width] = whole;
  if (whole.length === 1) layer.emit({ kind: 'flatten', order: 'chw' });
  else if (whole.length === 3)
    layer.emit({ kind: 'reshape', shape: [height!, width!, channels!], order: 'chw' });
  else layer.emit({ kind: 'reshape', shape: whole, order: 'chw' });
}

/** Split: every blob it writes is the one it reads. */
export function split(layer: CaffeLayer): void {
  for (const blob of layer.message.top) layer.context.alias(blob, layer.input);
}
