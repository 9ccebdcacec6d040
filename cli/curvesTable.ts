import { metrics } from '../src/compression/metrics';
import type { PrintedCurves } from '../src/project/curvesFile';
import { table } from './output';

/** Curves for a person: at which ranks layers reach some levels. */
export function curvesTable({ metric, layers }: PrintedCurves): string {
  const { scale, needs } = metrics.get(metric);
  const { levels } = scale;
  const rankAt = (values: readonly number[], level: number) => {
    const index = values.findIndex((value) => value >= level);
    return index < 0 ? 'none' : index + 1;
  };
  const measured = needs.images ? ['points'] : [];
  const estimated = layers.filter(({ isEstimated }) => isEstimated).map(({ name }) => name);
  const rows = table([
    [
      'layer',
      'r_max',
      ...measured,
      ...levels.map((level, index) => `${index === 0 ? 'rank at ' : ''}${100 * level} %`),
    ],
    ...layers.map(({ name, rankMax, values, points }) => [
      name,
      rankMax,
      ...measured.map(() => points.length),
      ...levels.map((level) => rankAt(values, level)),
    ]),
  ]);
  return estimated.length === 0
    ? rows
    : `${rows}\n\nEstimated by a randomised decomposition, sums of singular values to about 1 %: ${estimated.join(', ')}.`;
}
