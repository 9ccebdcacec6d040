/** What a long job is doing. Every kind of job has stages of its own. */
export interface Progress {
  /** What it does now, as a verb: "repairing". */
  readonly stage: string;
  /** Of the stage's own unit. */
  readonly done: number;
  readonly total: number;
  /** For a person, in the plural: "layers". */
  readonly unit: string;
}

export type OnProgress = (progress: Progress) => void;
