import { runCourse, type CourseHelpers, type CourseRequest, type CourseState } from './course';

/**
 * Runs a course until it ends, or behind the epoch that its settings stop it at: what it has come to by then is the
 * same that the whole course had come to there.
 *
 * @throws what the helpers throw
 */
export async function runUntilStopped(request: CourseRequest, helpers: CourseHelpers): Promise<CourseState> {
  const { stop } = request.settings;
  if (stop === 0) return runCourse(request, helpers);
  let state = request.resume ?? null;
  const isOver = () => state !== null && state.records.length > stop;
  if (state && isOver()) return state;
  const ending = new Error('The course is stopped.');
  const goOn = () => (isOver() ? Promise.reject(ending) : Promise.resolve());
  try {
    return await runCourse(
      {
        ...request,
        onEpoch: (next) => {
          state = next;
          request.onEpoch?.(next);
        },
      },
      {
        gradient: (...given) => goOn().then(() => helpers.gradient(...given)),
        judge: (...given) => goOn().then(() => helpers.judge(...given)),
      },
    );
  } catch (error) {
    if (error === ending && state) return state;
    throw error;
  }
}
