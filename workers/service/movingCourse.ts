import { moved } from '../pool/moved';
import type { CourseService } from '../protocol/course';

/** Courses whose states are moved, and whose weights lie in memory that every thread reads where the page may share it. */
export function movingCourse(service: CourseService): CourseService {
  return {
    run: async (task, gradient, judge, onEpoch, onProgress) => {
      // What is judged is a mean of the weights of several steps.
      const [trained, judged] = [sharedWeights(), sharedWeights()];
      const told: (void | Promise<void>)[] = [];
      const outcome = await service.run(
        task,
        (weights, step, images, known) => gradient(trained(weights, step), step, images, known),
        (weights, step) => judge(judged(weights, step), step),
        // The course goes on with its own.
        (state) => void told.push(onEpoch(moved(structuredClone(state)))),
        onProgress,
      );
      // Nothing keeps what goes through different channels in its order.
      await Promise.all(told);
      return moved(outcome);
    },
    repair: async (...given) => moved(await service.repair(...given)),
  };
}

/** Puts weights where other threads read them; they stay until those of another step come. */
function sharedWeights(): (weights: Float32Array, step: number) => Float32Array {
  let held: { readonly step: number; readonly weights: Float32Array } | null = null;
  return (weights, step) => {
    if (typeof SharedArrayBuffer === 'undefined') return weights;
    if (held?.step === step) return held.weights;
    held ??= { step, weights: new Float32Array(new SharedArrayBuffer(weights.byteLength)) };
    held.weights.set(weights);
    held = { ...held, step };
    return held.weights;
  };
}
