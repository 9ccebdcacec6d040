import { runUntilStopped } from '../../src/distil/stopping';
import { FailureError, outcomeOf, type Failure } from '../../src/network/failure';
import { pauseUnlessCancelled } from '../../src/engine/yielding';
import { runRepairCourse } from '../../src/repair/course';
import type { LayerMoments } from '../../src/repair/questions';
import type { Moments } from '../../src/repair/regression/regression';
import type { CourseService, CourseThread } from '../protocol/course';

/** Courses in the thread that they are made in. */
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

  repair(...[task, ask, onProgress]: Parameters<CourseService['repair']>) {
    return outcomeOf(() =>
      runRepairCourse(
        {
          ...task,
          pause: pauseUnlessCancelled(),
          onProgress: ({ done, total }) => void onProgress(done, total),
        },
        {
          // Who is asked answers what the kind of question wants.
          moments: async (layer, former) =>
            answered(await ask({ kind: 'moments', layer, former })) as LayerMoments,
          rectified: async (group, fit, of) =>
            answered(await ask({ kind: 'rectified', group, fit, of })) as readonly (Moments | null)[],
          heldBackError: async (group, fit) =>
            answered(await ask({ kind: 'error', group, fit })) as readonly number[],
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
