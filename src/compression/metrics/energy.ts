import { paperSpace } from '../../enc/encModel';
import { tableEnergies } from '../../enc/tablesMode';
import type { QualityMetric } from './metric';
import { shareScale } from './scales';
import { productSearch } from './search';

/** What the weights alone tell: the share of the sum of singular values that stays. */
export const energy: QualityMetric = {
  id: 'energy',
  label: 'Energy',
  symbol: 'A_p',
  needs: { images: false, refit: false, energy: false },
  draws: 'energy',
  decides: null,
  curves: (_layers, _points, energies) => ({ curves: energies, measured: new Set() }),
  space: paperSpace,
  search: productSearch,
  whole: ({ own }) => own,
  foretellsAccuracy: false,
  scale: {
    ...shareScale,
    heightsOf: () => null,
    meaning: 'quality kept (energy)',
    title: 'Quality by rank',
    textOf: (quality) => `quality ${quality.toFixed(3)}`,
    levels: [0.5, 0.9, 0.99],
  },
  table: { curves: tableEnergies, levels: tableEnergies },
};
