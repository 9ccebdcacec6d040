import type { DrawnImages } from '../draw';
import type { ImageStep, StepEntry } from './step';

/** Least squares, layer by layer, on unlabelled images (README, "How it works"). */
export const repair: StepEntry = {
  id: 'repair',
  label: 'Repair',
  idea: 'Re-fits cut layers, and whole layers behind them, by least squares on unlabelled images.',
  defaults: {},
};

/** Repairs a cut network on calibration images. */
export function repairStep(images: DrawnImages, seed: number): ImageStep {
  return { kind: repair.id, images, settings: repair.defaults, seed };
}
