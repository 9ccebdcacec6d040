import { runUntilStopped } from '../../src/distil/stopping';
import { FailureError, outcomeOf, type Failure } from '../../src/network/failure';
import type { CourseService, CourseThread } from '../protocol/course';

/** Courses of distillation in the thread that they are made in. */
export class InThreadCourse implements CourseService {
  run(...[task, gradient, judge, onEpoch, onProgress]: Parameters<CourseService['run']>) {
    return outcomeOf(() =>
      runUntilStopped(
        { ...task, now: () => performance.now(), onEpoch: (state) => void onEpoch(state), onProgress },
        {
          gradient: async (...given) => answered(await gradient(...given)),
          judge: async (...given) => answered(await judge(...given)),
        },
      ),
    );
  }
}

/** Nobody reads it: who asked for the course knows why there is no answer. */
const stopped: Failure = { code: 'cancelled', message: 'Cancelled.' };

function answered<T>(answer: T | null): T {
  if (answer === null) throw new FailureError(stopped.code, stopped.message);
  return answer;
}

/** Where nobody is held up by it: a command line, a test. */
export function inThreadCourse(): CourseThread {
  return { service: new InThreadCourse(), close: () => undefined };
}
