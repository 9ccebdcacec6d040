import type { Plan } from '../enc/plan';
import { formatPercent } from './numbers';

/** Less than this share of a quality is less than anybody measures. */
const leastShare = 0.005;

/**
 * How far a plan may be from the best one, where a search for it was cut short. Null where nothing is better, or not
 * noticeably so.
 */
export function nearBestText({ gap = 0, reached }: Plan): string | null {
  const share = 1 - Math.exp(-gap);
  if (!reached || share < leastShare) return null;
  return `The search for the best ranks was cut short: this plan’s predicted quality is at most ${formatPercent(share)} below that of the best.`;
}
