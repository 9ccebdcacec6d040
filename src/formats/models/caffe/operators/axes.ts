import { cannot } from '../../onnx/context';
import { channelAxis, ourAxisOf } from '../axes';
import type { CaffeLayer } from '../layer';

/** An axis of the layer's first input here, by Caffe's number of it; the batch is 0. */
export function ourAxis(layer: CaffeLayer, given: number, does: string): number {
  const rank = layer.shape().length;
  const fromFront = given < 0 ? given + rank + 1 : given;
  if (fromFront < 1 || fromFront > rank) return cannot(`it ${does} along axis ${given}.`);
  return ourAxisOf(fromFront, rank);
}

/** Refuses a layer that works along another axis than the one that lies last here. */
export function requireChannels(layer: CaffeLayer, given: number, does = 'works'): void {
  const rank = layer.shape().length;
  const expected = channelAxis(rank);
  if (given !== expected && given !== expected - rank - 1)
    cannot(`it ${does} along axis ${given}, expected the channels (axis ${expected}).`);
}
