import type { Tick } from '../../charts/PlotFrame';

/** The ends and round ranks between them. */
export function rankTicks(rankMax: number): Tick[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((candidate) => rankMax / candidate <= 6) ?? 1000;
  const ranks = Array.from({ length: rankMax }, (_, index) => index + 1).filter((rank) => rank % step === 0);
  const kept = ranks.filter((rank) => rankMax - rank >= step * 0.6);
  return [...kept, rankMax].map((rank) => ({ at: rank / rankMax, text: String(rank) }));
}
