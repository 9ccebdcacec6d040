import { createRegistry } from '../../network/registry';
import { combined } from './combined';
import { divergence } from './divergence';
import { energy } from './energy';
import { measured } from './measured';
import type { QualityMetric } from './metric';
import { refitted } from './refitted';

/** Every metric, in the order in which it is offered. */
export const metrics = createRegistry<QualityMetric>('metric', [
  energy,
  measured,
  divergence,
  refitted,
  combined,
]);

/** What drives the methods while nothing is measured. */
export const firstMetric = energy.id;

/** What drives them once every layer is measured, unless another metric is asked for. */
export const bestMetric = divergence.id;
