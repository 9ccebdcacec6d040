import type { QualityMetric } from './metric';

/** The greatest product of the layers' own qualities, found exactly. */
export const productSearch: QualityMetric['search'] = (find, { own }, count) => find(own, count);
