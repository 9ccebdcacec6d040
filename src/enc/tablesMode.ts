import { createPchip, evaluatePchip } from '../linalg/pchip';
import { perCost, type CostName, type NetworkTotals } from './costs';
import { levelLadder, type LevelLadder } from './levels';
import type { SelectableLayer, SelectionProblem } from './problem';
import type { AuthorsTables, TableLayer } from './tables';

/**
 * The selection problem in the authors' conventions: cost from `Net_def`, the network's cost being that of all
 * layers at r_max; the first layer stays at r_max; no rank under a tenth of r_max; no "keep original".
 *
 * @param isFirstFree lets the first layer be cut as well, to any rank, and all others under a tenth of r_max
 */
export function tablesProblem(tables: AuthorsTables, isFirstFree = false): SelectionProblem {
  return {
    layers: tables.layers.map((layer, index) =>
      tableChoices(layer, minRank(layer, index === 0, isFirstFree)),
    ),
    kept: [],
    keptCosts: perCost(() => 0),
    totals: perCost((cost) =>
      tables.layers.reduce((sum, layer) => sum + cost.ofNetwork(costsAtRankMax(layer)), 0),
    ),
  };
}

function minRank({ rankMax }: TableLayer, isFirst: boolean, isFirstFree: boolean): number {
  if (isFirstFree) return 1;
  return isFirst ? rankMax : Math.max(1, Math.ceil(rankMax / 10));
}

function tableChoices(layer: TableLayer, min: number): SelectableLayer {
  const { name, rankMax } = layer;
  const whole = costsAtRankMax(layer);
  const ranks = Array.from({ length: rankMax - min + 1 }, (_, index) => min + index);
  return {
    name,
    rankMax,
    ranks,
    costs: perCost((cost) => Float64Array.from(ranks, (rank) => (rank / rankMax) * cost.ofNetwork(whole))),
  };
}

/** The only costs that the tables give, of which others follow. */
function costsAtRankMax({ macsAtRankMax, parametersAtRankMax }: TableLayer): NetworkTotals {
  return { macs: macsAtRankMax, parameters: parametersAtRankMax };
}

/** Energy of one layer at the ranks of `R_list`. */
export function tableEnergies(layer: TableLayer): number[] {
  const upTo = (rank: number) => layer.singularValues.slice(1, rank).reduce((sum, value) => sum + value, 0);
  const whole = upTo(layer.rankMax);
  // Of nothing, no rank loses anything.
  return layer.ranks.map((rank) => (whole > 0 ? upTo(rank) / whole : 1));
}

/**
 * Ladder of ENC-Map in the authors' conventions: the metric is known only at the ranks of `R_list` and at
 * (0, 0), and the rank is a PCHIP function of the metric, rounded to the nearest integer.
 *
 * @param metric values of one layer at its `ranks`, rising to 1
 */
export function tablesMapLadder(
  problem: SelectionProblem,
  cost: CostName,
  tables: AuthorsTables,
  metric: (layer: TableLayer) => readonly number[] = tableEnergies,
): LevelLadder {
  const levels = problem.layers.map((layer, index) => {
    const rankAt = rankOfMetric(tables.layers[index], metric(tables.layers[index]));
    // Rank r is the rounded answer up to the level at which the interpolated rank reaches r + ½.
    return Float64Array.from(layer.ranks, (rank) => levelReaching(rankAt, (rank ?? 0) + 0.5));
  });
  return levelLadder(problem, cost, levels);
}

function rankOfMetric(layer: TableLayer, values: readonly number[]): (level: number) => number {
  const levels = [0];
  const ranks = [0];
  values.forEach((value, index) => {
    // PCHIP needs rising abscissae: a value that is no better than a lesser rank's says nothing about the inverse.
    if (value <= levels[levels.length - 1]) return;
    levels.push(value);
    ranks.push(layer.ranks[index]);
  });
  const interpolant = createPchip(levels, ranks);
  return (level) => evaluatePchip(interpolant, level);
}

function levelReaching(rankAt: (level: number) => number, rank: number): number {
  if (rankAt(1) < rank) return 1;
  let low = 0;
  let high = 1;
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (rankAt(middle) < rank) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Qualities of every choice of every layer in the authors' conventions: the metric at the ranks of `R_list` and
 * at (0, 0), PCHIP-interpolated over the rank.
 */
export function tableQualities(
  problem: SelectionProblem,
  tables: AuthorsTables,
  metric: (layer: TableLayer) => readonly number[],
): readonly Float64Array[] {
  return problem.layers.map((layer, index) => {
    const table = tables.layers[index];
    const values = metric(table);
    // Small layers list a rank twice, once with another value; an interpolant takes one, and the first it is.
    const known = table.ranks.map((_, row) => row).filter((row) => table.ranks[row] !== table.ranks[row - 1]);
    const interpolant = createPchip(
      [0, ...known.map((row) => table.ranks[row])],
      [0, ...known.map((row) => values[row])],
    );
    return Float64Array.from(layer.ranks, (rank) => evaluatePchip(interpolant, rank ?? table.rankMax));
  });
}

/** Accuracy of one layer at the ranks of `R_list`, relative to the uncut network. */
export const tableAccuracies = (layer: TableLayer): readonly number[] => layer.accuracy;
