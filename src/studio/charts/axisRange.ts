import { greatest, least } from '../../linalg/extremes';

/** What an axis shows, in shares, and where its marks stand. */
export interface AxisRange {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const mostTicks = 10;
/** Of a step, left free at the end. */
const edge = 0.25;

/**
 * Fits an axis to values, its ends on round shares.
 *
 * @param beginsAtZero whether nothing is worth showing as nothing
 */
export function axisRange(values: readonly number[], beginsAtZero: boolean): AxisRange {
  const [min, max] = values.length === 0 ? [0, 1] : [beginsAtZero ? 0 : least(values), greatest(values)];
  const step = steps.find((own) => (max - min) / own <= mostTicks - 2) ?? Math.ceil((max - min) / mostTicks);
  const first = Math.floor(min / step + 1e-9);
  // A mark on the very edge would be half hidden.
  const last = Math.max(first + 1, Math.ceil(max / step + edge));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toFixed(6)),
  );
  return { low: ticks[0]!, high: ticks.at(-1)!, ticks };
}

/**
 * Fits an axis to shares of a whole as closely as round marks allow; it ends at the whole at the latest.
 *
 * @param most how many marks there is room for, from 3 on
 */
export function shareRange(values: readonly number[], most: number): AxisRange {
  const [min, max] = values.length === 0 ? [0, 1] : [least(values), greatest(values)];
  const ends = (step: number) => {
    const first = Math.max(0, Math.min(Math.floor(min / step + 1e-9), Math.round(1 / step) - 1));
    return { first, last: Math.max(first + 1, Math.min(Math.ceil(max / step - 1e-9), Math.round(1 / step))) };
  };
  const step = steps.find((own) => ends(own).last - ends(own).first < most) ?? 1;
  const { first, last } = ends(step);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toFixed(6)),
  );
  return { low: ticks[0]!, high: ticks.at(-1)!, ticks };
}

/** The same with no mark above the whole: more is never right than all. Room for the uppermost marks stays. */
export function upToWhole(range: AxisRange): AxisRange {
  return { ...range, ticks: range.ticks.filter((tick) => tick <= 1) };
}

const finestSteps = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, ...steps];

/**
 * Round marks inside a range of shares that is given, at most about `mostTicks`.
 *
 * @param finest least distance of two marks
 */
export function ticksWithin(low: number, high: number, mostTicks = 10, finest = 0.01): readonly number[] {
  const step =
    finestSteps.find((own) => own >= finest && (high - low) / own <= mostTicks) ?? (high - low) / mostTicks;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toFixed(6)));
}
