import type { Spread } from '../linalg/spread';
import type { LatencyReport } from '../../workers/protocol/latency';

/** "1.82× faster", "1.25× slower"; "as fast" where half of the rounds do not tell them apart. */
export function speedUpText({ median, lowerQuartile, upperQuartile }: Spread): string {
  if (lowerQuartile <= 1 && upperQuartile >= 1) return 'as fast';
  return median >= 1 ? `${factorText(median)} faster` : `${factorText(1 / median)} slower`;
}

/** "1.82×" */
export function factorText(factor: number): string {
  return `${factor.toFixed(factor >= 99.95 ? 0 : factor >= 9.995 ? 1 : 2)}×`;
}

/** "WebAssembly, 1 thread, this machine": what a measured time holds for. */
export function measuredOnText({ runtime, threads }: Pick<LatencyReport, 'runtime' | 'threads'>): string {
  return `${runtime}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, this machine`;
}

/** "2.91 ms": three significant digits. */
export function formatMilliseconds(time: number): string {
  const digits = time >= 99.95 ? 0 : time >= 9.995 ? 1 : 2;
  return `${time.toFixed(digits)}\u00a0ms`;
}
