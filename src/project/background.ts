import type { Studio } from '../../workers/protocol/studio';
import type { OnProgress } from '../../workers/protocol/progress';
import type { Outcome } from '../network/failure';
import type { Caches } from './caches';
import type { ProjectState } from './state';

/** One thing that there is reason to do. */
export interface BackgroundTask {
  /** Names what it does and what its result depends on; another key is another task. */
  readonly key: string;
}

/** What a task works with. */
export interface TaskTools {
  readonly studio: Studio;
  readonly caches: Caches;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  getState(): ProjectState;
  /** Changes the state; nothing happens once the task was stopped. */
  update(change: (state: ProjectState) => ProjectState): void;
  /** Puts in what is true whether or not it is still wanted, and so also after the task was stopped. */
  record(change: (state: ProjectState) => ProjectState): void;
}

/**
 * Work that the studio does by itself whenever there is reason to. What is wanted follows from the state alone;
 * the supervisor starts it, stops it the moment it is wanted no more, and keeps it from being started again where
 * it failed or a person cancelled it.
 */
export interface BackgroundJob<Task extends BackgroundTask = BackgroundTask> {
  readonly kind: string;
  /** For a person, as a noun: "The layers’ curves". */
  readonly label: string;
  /** What it is in a list of what comes, in a word or two: "race". The label where it is absent. */
  readonly stage?: string;
  /**
   * One task runs at a time in each lane. What a person waits for is `foreground`; `background` work steps aside
   * in the threads and goes on whatever the foreground does.
   */
  readonly lane: 'foreground' | 'background';
  /** Within a lane the lowest goes first, and nothing starts while something before it is wanted. */
  readonly order: number;
  /** Another order for some of its tasks; absent where all have the same. */
  orderOf?(state: ProjectState, task: Task): number;
  /** What is said where a person has halted it, or where it ended early; absent where it cannot be halted. */
  readonly pause?: {
    readonly title: string;
    details(state: ProjectState): string;
    /** Name of the button that lets it go on. */
    readonly resume: string;
  };
  /** Whether it is for a person who looks at the page, so that `enc work` leaves it out. */
  readonly isForPage?: boolean;
  /** Whether it runs nothing but the network as it was opened, so that it need not wait for factors. */
  readonly needsNoFactors?: boolean;
  /** Whether its failures are told where it belongs, and not in the list of what failed. */
  readonly isToldElsewhere?: boolean;
  /** Milliseconds for which a task must have been wanted before it starts, so that a moving slider starts nothing. */
  rest(state: ProjectState, task: Task): number;
  /** Everything that is wanted now, most wanted first. */
  wanted(state: ProjectState): readonly Task[];
  /** Whether a task that runs may go on though it is not wanted any more; absent stops it. */
  mayGoOn?(state: ProjectState, task: Task): boolean;
  /** For a person: "Measuring ENC-Map at 50 %". */
  title(state: ProjectState, task: Task): string;
  /** Does it and puts its results into the state as they come. */
  run(task: Task, tools: TaskTools): Promise<Outcome<unknown>>;
}
