import type { CourseHelpers } from '../course';

/** A bowl whose lowest point is at `goal`: the divergence of a state is its squared distance from there. */
export function bowl(goal: readonly number[], images = 5): CourseHelpers {
  const distance = (weights: Float32Array) =>
    goal.reduce((sum, value, at) => sum + (weights[at]! - value) ** 2, 0);
  return {
    gradient: (weights, _, part) => {
      const gradient = Float32Array.from(weights, (value, at) => part.length * 2 * (value - goal[at]!));
      return Promise.resolve({ loss: part.length * distance(weights), gradient });
    },
    judge: (weights) => {
      const divergences = Float64Array.from(
        { length: images },
        (_, image) => distance(weights) + 0.001 * image,
      );
      return Promise.resolve({ divergences, same: 3 });
    },
  };
}
