import type { SettingName } from '../settings';
import type { ProjectState } from '../state';

/** Another value that the same thing could have. */
export interface Alternative {
  /** As the option of the command line, or the setting, takes it. */
  readonly value: string;
  /** For a person. */
  readonly text: string;
}

/** Something that nobody has to say, and that decides what the numbers mean: shown beside them. */
export interface Assumption {
  /** "Order of classes" */
  readonly what: string;
  /** What was taken. */
  readonly value: string;
  /** Why, in a phrase; whether anybody said so or something was tried. */
  readonly because: string;
  /** Name of the command line's option that says otherwise, without its dashes; null where there is none. */
  readonly option: string | null;
  /** What else it could be, as far as it can be listed. */
  readonly alternatives: readonly Alternative[];
  /** The setting that a page lets a person choose it by; absent where it has a control of its own, or none. */
  readonly choice?: AssumptionChoice;
}

/** A setting that takes one of the alternatives, or the value in use. */
export interface AssumptionChoice {
  readonly setting: SettingName;
  /** What is in use, as the setting takes it. */
  readonly value: string;
}

/** One kind of assumption. */
export interface AssumptionEntry {
  readonly id: string;
  /** null where there is nothing to assume yet, or it does not apply. */
  of(state: ProjectState): Assumption | null;
}
