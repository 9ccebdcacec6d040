import type { DrawnImages } from '../draw';
import type { ImageStep, StepEntry, StepSettings } from './step';

/** How weights are moved. */
export const optimisers = ['adam', 'sgd', 'muon'] as const;
export type OptimiserName = (typeof optimisers)[number];

/** How a network is distilled. */
export interface DistilSettings {
  readonly epochs: number;
  /** Epochs behind which somebody stopped it; 0 where it went on to its end. */
  readonly stop: number;
  /** Minutes after which no other epoch begins; 0 for no limit. */
  readonly minutes: number;
  /** Images of a batch. */
  readonly batch: number;
  /** Greatest learning rate. */
  readonly rate: number;
  readonly optimiser: OptimiserName;
  /** What both networks' logits are divided by. */
  readonly temperature: number;
  /** Share of the steps in which the rate rises. */
  readonly warmUp: number;
  /** Greatest length of a step's gradient. */
  readonly clip: number;
  /** By how many pixels images are shifted at most. */
  readonly shift: number;
  /** By which share images grow or shrink at most. */
  readonly zoom: number;
  /** Whether images are mirrored, every other one. */
  readonly flip: boolean;
  /** Greatest share of another image that images are blended with; not where labels are read, which say one class. */
  readonly blend: number;
  /** Share of the images that show another one in a window instead of being blended with it; likewise. */
  readonly windows: number;
  /**
   * Epochs after which images are seen again as they were changed before, in another order, so that the original need not
   * look at them again; 0 changes them anew in every epoch.
   */
  readonly views: number;
  /** Share of the past in the running mean of the weights that is judged and returned; 0 for the weights themselves. */
  readonly average: number;
  /** How much the blocks' outputs' distance from the original's counts beside the divergence; 0 leaves them out. */
  readonly blocks: number;
  /** How much the labels' cross-entropy counts beside the divergence; 0 leaves labels unread. */
  readonly labels: number;
}

/** Found on ResNet-56 and the samples. Views, zoom and windows are 0, too, in recipes that were written before there were any. */
export const defaultDistil: DistilSettings = {
  ...{ epochs: 20, stop: 0, minutes: 0, batch: 50, rate: 1e-4, optimiser: 'adam', temperature: 2 },
  ...{ warmUp: 0.05, clip: 5, shift: 4, zoom: 0, flip: true, blend: 0.5, windows: 0 },
  ...{ views: 0, average: 0.98, blocks: 0, labels: 0 },
};

/** Training towards the original's answers. */
export const distil: StepEntry = {
  id: 'distil',
  label: 'Distil',
  idea: 'Trains the cut network to answer as the original does, without labels, and keeps the best state.',
  defaults: { ...defaultDistil },
};

/** Whether images may be mirrored unless somebody says otherwise: letters and digits, which are grey, may not. */
export function mayFlip(channels: number): boolean {
  return channels > 1;
}

/** Distils a network on calibration images. */
export function distilStep(images: DrawnImages, seed: number, settings: Partial<DistilSettings>): ImageStep {
  return { kind: distil.id, images, settings: { ...defaultDistil, ...settings }, seed };
}

const bounds: Readonly<
  Record<Exclude<keyof DistilSettings, 'optimiser' | 'flip'>, readonly [number, number]>
> = {
  ...{
    epochs: [0, 1000],
    stop: [0, 1000],
    minutes: [0, 10_000],
    batch: [1, 4096],
    rate: [0, 10],
    temperature: [0.1, 100],
  },
  ...{ warmUp: [0, 1], clip: [1e-6, 1e9], shift: [0, 64], labels: [0, 100] },
  ...{ zoom: [0, 0.9], windows: [0, 1] },
  ...{ blend: [0, 0.5], views: [0, 1000], average: [0, 0.99999], blocks: [0, 1000] },
};

/** What a step's settings say of distillation; null where they say something that there is not. */
export function distilSettingsOf(settings: StepSettings): DistilSettings | null {
  const all = { ...defaultDistil, ...settings };
  const isWithin = Object.entries(bounds).every(([name, [least, most]]) => {
    const value = all[name as keyof typeof bounds] as unknown;
    return typeof value === 'number' && value >= least && value <= most;
  });
  const isWhole = [all.epochs, all.stop, all.batch, all.shift, all.views].every(Number.isInteger);
  const isKnown = optimisers.includes(all.optimiser) && typeof all.flip === 'boolean';
  return isWithin && isWhole && isKnown ? all : null;
}
