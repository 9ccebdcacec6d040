import { wholeSpace } from '../../enc/encModel';
import { curvesFromPoints, divergenceCurve } from '../../enc/sweep/curves';
import type { QualityMetric } from './metric';
import { divergenceHeights, divergenceScale } from './scales';
import { productSearch } from './search';

/** Divergence of the answers with one layer cut, y_d = exp(−d). Its sum means the same far from ENC-Map. */
export const divergence: QualityMetric = {
  id: 'divergence',
  label: 'Divergence',
  symbol: 'A_d',
  needs: { images: true, refit: false, energy: false },
  draws: 'divergence',
  decides: 'divergence',
  curves: (layers, points, energy) => curvesFromPoints(divergenceCurve, layers, points, energy),
  space: wholeSpace,
  search: productSearch,
  whole: ({ own }) => own,
  foretellsAccuracy: true,
  scale: {
    ...divergenceScale,
    heightsOf: divergenceHeights,
    meaning: 'divergence in nats, one layer cut',
    title: 'Divergence by rank, nats',
    textOf: (quality) => `${(-Math.log(quality)).toExponential(1)} nats`,
    levels: [0.9, 0.99, 0.999],
  },
  table: null,
};
