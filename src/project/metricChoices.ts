import { bestMetric, metrics } from '../compression/metrics';
import type { QualityMetric } from '../compression/metrics/metric';

/** Takes the best metric once every layer has been measured, else energy. */
export const automatic = 'auto';

/** The metrics that the page offers: those whose curves alone say how good a plan is. */
export function offeredMetrics(): readonly QualityMetric[] {
  return metrics.all.filter(({ needs }) => !needs.energy);
}

/** Everything that a choice of a metric may be. */
export function metricChoices(): readonly string[] {
  return [automatic, ...metrics.all.map(({ id }) => id)];
}

/** Whether a text names a metric, or leaves the choice to the studio. */
export function isMetricChoice(text: string): boolean {
  return text === automatic || metrics.find(text) !== undefined;
}

/** The metric that a choice stands for once everything is measured. */
export function chosenMetric(choice: string): QualityMetric {
  return metrics.get(choice === automatic ? bestMetric : choice);
}
