import { combinedPlans } from '../../enc/combined';
import { tableEnergies } from '../../enc/tablesMode';
import { measured } from './measured';
import type { QualityMetric } from './metric';

/**
 * The paper's A_c = A_p · C(R) / C_orig + A_m. It is no sum over layers, so it ranks a pool of the best plans by
 * both metrics and by blends of them. In tables mode ENC-Map inverts the energies.
 */
export const combined: QualityMetric = {
  ...measured,
  id: 'combined',
  label: 'Energy and accuracy combined',
  symbol: 'A_c',
  needs: { ...measured.needs, energy: true },
  search: (find, { own, energy }, count) => combinedPlans(find, energy(), own, count),
  whole: ({ own, energy, achieved }) => energy * achieved + own,
  foretellsAccuracy: false,
  table: measured.table && { ...measured.table, levels: tableEnergies },
};
