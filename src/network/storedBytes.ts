import type { Network, Stored, Tensor } from './graph';
import { isLayer } from './layerNodes';
import { weightsOf } from './operators';
import { kernelOf } from './sharing';

/**
 * Bytes that the weights of a network take in the form that they are stored in, scales and zero points among them; what
 * a file needs beside them (names, shapes, operators) is not counted. Numbers that several nodes share count once.
 */
export function storedBytes({ nodes }: Network): number {
  const counted = new Set<Float32Array>();
  let bytes = 0;
  for (const node of nodes) {
    const kernel = isLayer(node) ? kernelOf(node) : null;
    for (const { data } of weightsOf(node.operator)) {
      if (counted.has(data)) continue;
      counted.add(data);
      bytes += kernel?.data === data ? tensorBytes(kernel) : 4 * data.length;
    }
  }
  return bytes;
}

function tensorBytes({ data, stored }: Tensor): number {
  return stored ? stored.values.byteLength + levelBytes(stored) : 4 * data.length;
}

/** A scale for each channel, and their zero point. */
function levelBytes(stored: Stored): number {
  return stored.type === 'float16' ? 0 : stored.scales.byteLength + 1;
}
