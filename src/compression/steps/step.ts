import type { DrawnImages } from '../draw';

/** Values that a kind of step may be set by. */
export type StepSettings = Readonly<Record<string, string | number | boolean>>;

/**
 * Something that is done to a network once its layers are chosen. Every kind says the same things about itself, so
 * that a recipe can be written, read and named without knowing which kinds there are.
 */
export interface Step {
  /** Id of its entry in the registry of steps. */
  readonly kind: string;
  /** The images that it looks at; no reported accuracy may come from them. null where it looks at none. */
  readonly images: DrawnImages | null;
  readonly settings: StepSettings;
  readonly seed: number;
}

/** A step that looks at images. */
export type ImageStep = Step & { readonly images: DrawnImages };

/** The images of a step of a kind that always looks at some. */
export function imagesOf({ kind, images }: Step): DrawnImages {
  if (images) return images;
  throw new Error(`step: expected a ${kind} with images, got one without`);
}

/** One kind of step. */
export interface StepEntry {
  readonly id: string;
  /** For a person. */
  readonly label: string;
  /** One sentence: what it does. */
  readonly idea: string;
  /** Its settings with their defaults; a step that is read may say no others. */
  readonly defaults: StepSettings;
  /** Whether it finds something to do where no layer is cut; absent means that it does not. */
  readonly isForWhole?: boolean;
}
