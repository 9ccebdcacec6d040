import type { Interval } from '../src/linalg/intervals';
import type { Figure } from './figureSvg';
import { percent, table } from './output';

/** A figure for a person. */
export function figureText({ original, points }: Figure): string {
  return table([
    ['method', 'target', 'achieved', 'accuracy', ''],
    ['original', '', percent(1), percent(original.accuracy), intervalText(original.interval)],
    ...points.map(({ method, target, achieved, measured }) => [
      method,
      percent(target),
      percent(achieved, 2),
      percent(measured.accuracy),
      intervalText(measured.interval),
    ]),
  ]);
}

function intervalText({ low, high }: Interval): string {
  return `${percent(low)} to ${percent(high)}`;
}
