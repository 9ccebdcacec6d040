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
  /** The images that it looks at; no reported accuracy may come from them. */
  readonly images: DrawnImages;
  readonly settings: StepSettings;
  readonly seed: number;
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
}
