import { greatest, least } from '../../../linalg/extremes';

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

/** The same with no mark above the whole: more is never right than all. Room for the uppermost marks stays. */
export function upToWhole(range: AxisRange): AxisRange {
  return { ...range, ticks: range.ticks.filter((tick) => tick <= 1) };
}
