import { createRandom } from '../../src/linalg/random';
import { sizeOf } from '../../src/network/extents';
import type { Shape } from '../../src/network/graph';
import { inputImage } from '../../src/network/inputImage';
import type { SelectedImages } from './selectedImages';

/** Seeded noise in the network's input size, to compare two networks on where a person gave no images. */
export function noiseImages(input: Shape, count = 8): SelectedImages {
  const { height, width, channels } = inputImage(input) ?? { height: 1, width: sizeOf(input), channels: 1 };
  const random = createRandom(1);
  const pixels = Uint8Array.from({ length: count * height * width * channels }, () =>
    Math.floor(random.uniform() * 256),
  );
  return {
    images: {
      name: 'noise',
      count,
      height,
      width,
      channels,
      pixels,
      labels: null,
      classNames: null,
    },
    indices: Uint32Array.from({ length: count }, (_, index) => index),
    // Roughly zero mean and unit spread, the range that networks are trained on.
    preprocessing: {
      channels: channels === 3 ? 'rgb' : 'grey',
      mean: Array<number>(channels).fill(128),
      scale: [1 / 64],
    },
  };
}
