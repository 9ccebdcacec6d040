import { encModelPlans } from '../../enc/encModel';
import type { QualityMetric } from './metric';

/** The greatest product of the layers' own qualities, found exactly. */
export const productSearch: QualityMetric['search'] = (ladder, { own }, target, space, count) =>
  encModelPlans(ladder, own, target, space, count);
