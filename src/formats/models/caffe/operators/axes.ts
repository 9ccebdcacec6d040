import { cannot } from '../../onnx/context';
import type { CaffeLayer } from '../layer';

/** Where Caffe's axes of [C, H, W] lie in an image here: [H, W, C]. */
const places = [2, 0, 1] as const;

/** An axis of the layer's first input here, by Caffe's number of it; the batch is 0. */
export function ourAxis(layer: CaffeLayer, given: number, does: string): number {
  const rank = layer.shape().length;
  const fromFront = (given < 0 ? given + rank + 1 : given) - 1;
  if (fromFront < 0 || fromFront >= rank) return cannot(`it ${does} along axis ${given}.`);
  return rank === 3 ? places[fromFront]! : fromFront;
}
