import type { CourseHelpers, CourseRequest, CourseState } from '../../src/distil/course';
import type { Outcome } from '../../src/network/failure';
import type { RepairCourse } from '../../src/repair/course';
import type { LayerCheckpoint } from '../../src/repair/questions';
import type { PartAnswer, RepairAsk } from './repair';

/** What a course is about, as plain data. */
export type CourseTask = Pick<
  CourseRequest,
  'settings' | 'seed' | 'trained' | 'initial' | 'matrices' | 'resume'
>;

/**
 * Runs courses: what is computed between the steps that the compute threads take. A distillation sums gradients and moves
 * weights, a repair fits layers. The in-thread class and the worker's proxy both implement it. Callbacks are top-level arguments, because comlink looks at
 * nothing deeper.
 */
export interface CourseService {
  /** Fails as soon as a callback answers null. */
  run(
    task: CourseTask,
    gradient: (...given: Parameters<CourseHelpers['gradient']>) => Promise<GradientAnswer | null>,
    judge: (...given: Parameters<CourseHelpers['judge']>) => Promise<JudgeAnswer | null>,
    onEpoch: (state: CourseState) => void | Promise<void>,
    onProgress: (done: number, total: number) => void,
  ): Promise<Outcome<CourseState>>;
  /** Fails as soon as a callback answers null. @returns a checkpoint per layer */
  repair(
    task: Pick<RepairCourse, 'layers' | 'resume'>,
    ask: (question: RepairAsk) => Promise<PartAnswer | null>,
    onProgress: (done: number, total: number) => void,
  ): Promise<Outcome<readonly LayerCheckpoint[]>>;
}

type GradientAnswer = Awaited<ReturnType<CourseHelpers['gradient']>>;
type JudgeAnswer = Awaited<ReturnType<CourseHelpers['judge']>>;

/** One thread that runs courses. */
export interface CourseThread {
  readonly service: CourseService;
  /** Ends the thread. */
  close(): void;
}
