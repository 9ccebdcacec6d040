import type { DrawnImages } from '../draw';
import type { ImageStep, StepEntry } from './step';

/** What repair would do to a layer if it were the only one that is cut. */
export const refit: StepEntry = {
  id: 'refit',
  label: 'Re-fit',
  idea: 'Re-fits every cut layer by itself, on what the original network has there.',
  defaults: {},
};

/** Re-fits single layers, so that their curves foretell a network that will be repaired. */
export function refitStep(images: DrawnImages, seed: number): ImageStep {
  return { kind: refit.id, images, settings: refit.defaults, seed };
}
