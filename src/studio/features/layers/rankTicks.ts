import type { Tick } from '../../charts/PlotFrame';

/** Ticks that there are at most, the last one apart. */
const most = 6;
/** Share of the axis that a digit takes, with its part of the room between two numbers. */
const digitShare = 0.035;

/** The ends and round ranks between them, as far apart as their digits are wide. */
export function rankTicks(rankMax: number): Tick[] {
  const last = String(rankMax);
  const step = roundStep(rankMax / most);
  const room = Math.max(0.6 * step, digitShare * last.length * rankMax);
  const ranks = Array.from({ length: Math.floor(rankMax / step) }, (_, index) => (index + 1) * step);
  const kept = ranks.filter((rank) => rankMax - rank >= room);
  return [...kept, rankMax].map((rank) => ({ at: rank / rankMax, text: String(rank) }));
}

/** The least of 1, 2, 5, 10, 20, … that is no less. */
function roundStep(least: number): number {
  let power = 1;
  while (5 * power < least) power *= 10;
  return [1, 2, 5].map((digit) => digit * power).find((step) => step >= least)!;
}
