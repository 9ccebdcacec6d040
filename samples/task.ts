import type { ImageSetName } from './families';

/** Everything random in the recipe follows from this number. */
export const SEED = 20190616;

/** Class names in the order of their labels. */
export const CLASS_NAMES = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

export const IMAGE_SIDE = 32;
export const IMAGE_CHANNELS = 3;
export const PIXELS_PER_IMAGE = IMAGE_CHANNELS * IMAGE_SIDE * IMAGE_SIDE;

/** What the networks are fed: (pixel − mean) · scale, per channel in the order R, G, B. */
export const NORMALISATION = { channelOrder: 'RGB', mean: [128, 128, 128], scale: 1 / 64 } as const;

/** Images of every letter in each set; `stream` keeps the sets' random numbers apart. */
export const IMAGE_SETS = {
  train: { perClass: 960, stream: 1 },
  calibration: { perClass: 40, stream: 2 },
  validation: { perClass: 60, stream: 3 },
} as const satisfies Record<ImageSetName, { perClass: number; stream: number }>;

/** Passes over the training images. */
export const EPOCHS = 9;

/** Threads of a training: part of the recipe, because float32 sums depend on how they are divided. */
export const THREADS = 2;

/** The networks that the recipe trains: what `training/train.py` calls them, and what people read. */
export const NETWORKS = [
  {
    name: 'vgg',
    title: 'VGG-style letters',
    description: '8 convolutions with biases in 4 max-pooled stages, flattened into 2 dense layers',
  },
  {
    name: 'residual',
    title: 'Residual letters',
    description:
      '21 convolutions with batch norm in 9 residual blocks, 2 strided 1×1 projections, global average pool',
  },
] as const;

export type NetworkName = (typeof NETWORKS)[number]['name'];
