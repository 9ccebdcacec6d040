import type { MeasuredPoint } from './points';
import { relevantLog, type RelevantBand } from './relevance';

/** Error of log d between two measured ranks that 256 images could not tell from noise (measured on ResNet-56). */
const tolerance = 0.3;

/** A rank that could be measured next, and by how much log d may be off there without it. */
export interface Candidate {
  readonly rank: number;
  readonly doubt: number;
}

/**
 * Ranks of one layer that are worth measuring, most doubtful first: the middles of the gaps in which the
 * curve bends. The doubt of a gap is the error of linear interpolation, |f″| · width² / 8, f = log d within
 * the relevant band, f″ from divided differences; a layer whose divergence no longer changes has none.
 *
 * @param points of one layer by rising rank
 */
export function refinementCandidates(points: readonly MeasuredPoint[], band: RelevantBand): Candidate[] {
  const ranks = points.map(({ rank }) => rank);
  const bends = secondDerivatives(
    ranks,
    points.map(({ divergence }) => relevantLog(divergence, band)),
  );
  const candidates: Candidate[] = [];
  for (let gap = 0; gap + 1 < ranks.length; gap++) {
    const width = ranks[gap + 1] - ranks[gap];
    if (width < 2) continue;
    const doubt = (Math.max(bends[gap], bends[gap + 1]) * width * width) / 8;
    if (doubt > tolerance) candidates.push({ rank: middle(ranks[gap], ranks[gap + 1]), doubt });
  }
  return candidates.sort((a, b) => b.doubt - a.doubt);
}

/** |f″| at every sample; 0 at the two ends, where one side is unknown. */
function secondDerivatives(x: readonly number[], f: readonly number[]): Float64Array {
  const secant = (i: number) => (f[i + 1] - f[i]) / (x[i + 1] - x[i]);
  return Float64Array.from(x, (_, i) => {
    if (i === 0 || i === x.length - 1) return 0;
    return Math.abs((2 * (secant(i) - secant(i - 1))) / (x[i + 1] - x[i - 1]));
  });
}

/** The whole number nearest to the geometric mean: curves are steeper at the lower end. */
function middle(low: number, high: number): number {
  return Math.min(high - 1, Math.max(low + 1, Math.round(Math.sqrt(low * high))));
}
