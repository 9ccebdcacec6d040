import { countAgreement, type Measurement } from '../src/project/measurement';

/** What was measured, as it is printed: shares of the images. */
export interface Accuracy {
  readonly top1: number | null;
  readonly top5: number | null;
  /** Share of images that get the same class as from the original network. */
  readonly agreement: number | null;
  readonly images: number;
}

/** @param original measured on the same images; null tells no agreement */
export function accuracyOf(measurement: Measurement, original: Measurement | null): Accuracy {
  const { top1, top5, count: images } = measurement;
  return {
    top1: top1 === null ? null : top1 / images,
    top5: top5 === null ? null : top5 / images,
    agreement: original && countAgreement(measurement, original) / images,
    images,
  };
}
