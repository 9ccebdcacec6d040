import { divergence } from './divergence';
import type { QualityMetric } from './metric';

/** Divergence with the cut layer re-fitted before it is measured: foretells a network that will be repaired. */
export const refitted: QualityMetric = {
  ...divergence,
  id: 'repaired',
  label: 'Divergence, repaired',
  needs: { ...divergence.needs, refit: true },
};
