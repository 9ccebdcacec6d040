/** What a long job is doing. Every kind of job has stages of its own. */
export interface Progress {
  /** What it does now, as a verb: "repairing". */
  readonly stage: string;
  /** Of the stage's own unit. */
  readonly done: number;
  readonly total: number;
  /** For a person, in the plural: "layers". */
  readonly unit: string;
  /** Where the job knows better than its pace so far tells. */
  readonly secondsLeft?: number;
  /** What it takes at least, from its start, where that is more than the seconds that it was given. */
  readonly secondsNeeded?: number;
}

export type OnProgress = (progress: Progress) => void;
