import { runKind, type RunSpec } from '../../workers/protocol/kinds';
import { defineRun } from '../../workers/runs/run';

/** The thread's side of the job of docs/EXTENDING.md, for the test that follows it. */
export interface BrightnessSpec extends RunSpec {
  readonly task: { readonly images: string };
  readonly event: never;
  readonly result: number;
}

export const brightnessRun = defineRun(runKind<BrightnessSpec>('brightness'), (context, { images }) => {
  const { pixels } = context.images(images);
  let sum = 0;
  for (const value of pixels) sum += value;
  return sum / pixels.length;
});
