import { isotonicFit } from '../../linalg/isotonic';
import type { Curve } from '../curve';

/** Carries energies over to another metric. */
export type CarryOver = (energies: Float64Array) => Float64Array;

/**
 * The quality that an energy stands for on average, learned from layers of which both curves are known:
 * qualities of all their ranks, sorted by energy, made isotonic, and interpolated linearly. A provisional
 * answer for layers that have no points yet.
 *
 * @param known curves of the other metric, at least one
 * @param energy curves of (at least) the same layers
 */
export function relationTo(known: readonly Curve[], energy: ReadonlyMap<string, Curve>): CarryOver {
  const pairs = known.flatMap(({ layer, quality }) => {
    const energies = energy.get(layer)?.quality ?? new Float64Array();
    return Array.from(energies, (value, index): [number, number] => [value, quality[index]]);
  });
  pairs.sort(([a], [b]) => a - b);
  const energies = pairs.map(([value]) => value);
  const fitted = isotonicFit(pairs.map(([, value]) => value));
  return (values) => values.map((value) => interpolate(energies, fitted, value));
}

/** Linear between the samples, held beyond them; x never falls but may repeat. */
function interpolate(x: readonly number[], y: Float64Array, at: number): number {
  const above = x.findIndex((value) => value >= at);
  if (above === -1) return y[y.length - 1] ?? at;
  if (above === 0 || x[above] === at) return y[above];
  const share = (at - x[above - 1]) / (x[above] - x[above - 1]);
  return y[above - 1] + share * (y[above] - y[above - 1]);
}
