import { paperSpace } from '../../enc/encModel';
import { curvesFromPoints, measuredCurve } from '../../enc/sweep/curves';
import { tableAccuracies } from '../../enc/tablesMode';
import type { QualityMetric } from './metric';
import { accuracyHeights, shareScale } from './scales';
import { productSearch } from './search';

/** Accuracy with one layer cut, relative to the uncut network's. */
export const measured: QualityMetric = {
  id: 'measured',
  label: 'Measured accuracy',
  symbol: 'A_m',
  needs: { images: true, refit: false, energy: false },
  draws: 'measured',
  decides: 'measured',
  curves: (layers, points, energy) => curvesFromPoints(measuredCurve, layers, points, energy),
  space: paperSpace,
  search: productSearch,
  whole: ({ own }) => own,
  foretellsAccuracy: true,
  scale: {
    ...shareScale,
    heightsOf: accuracyHeights,
    meaning: 'accuracy kept, one layer cut',
    title: 'Accuracy kept by rank',
    textOf: (quality) => `accuracy kept ${quality.toFixed(3)}`,
    levels: [0.9, 0.99, 0.999],
  },
  table: { curves: tableAccuracies, levels: tableAccuracies },
};
