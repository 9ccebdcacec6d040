import { greatest, least } from '../../../linalg/extremes';
import type { Tick } from '../../charts/PlotFrame';

/** An axis from one value to another, with the ticks on it. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
}

/** An axis from zero over everything, to a round number. */
export function fromZero(values: readonly number[]): Axis {
  const most = greatest([0, ...values.filter(Number.isFinite)]);
  const to = most > 0 ? roundAbove(most) : 1;
  return axisOf(0, to, shortText);
}

/** An axis up to the whole, from a twentieth at or below the least share. */
export function upToAll(shares: readonly number[]): Axis {
  const lowest = least([0.95, ...shares.filter(Number.isFinite)]);
  return axisOf(
    Math.max(0, Math.floor(lowest * 20) / 20),
    1,
    (value) => `${Number((100 * value).toFixed(1))} %`,
  );
}

/** Epochs from the network before to the last one. */
export function ofEpochs(total: number): Axis {
  const step = Math.max(1, Math.ceil(total / 5));
  const whole = Array.from({ length: Math.floor(total / step) + 1 }, (_, index) => index * step);
  return { from: 0, to: total, ticks: whole.map((epoch) => ({ at: epoch / total, text: String(epoch) })) };
}

/** Place along an axis, 0 to 1. */
export function placeOn({ from, to }: Axis, value: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

function axisOf(from: number, to: number, textOf: (value: number) => string): Axis {
  const ticks = [0, 0.5, 1].map((at) => ({ at, text: textOf(from + at * (to - from)) }));
  return { from, to, ticks };
}

/** The next of 1, 2, 4, 6 or 10 times a power of ten: each half of it is round, too. */
function roundAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 4, 6, 10].find((own) => own * power >= value) ?? 10;
  return factor * power;
}

/** "0.02", "4e-5": as few characters as there is room for. */
function shortText(value: number): string {
  const rounded = Number(value.toPrecision(2));
  return rounded !== 0 && rounded < 0.001 ? rounded.toExponential() : String(rounded);
}
