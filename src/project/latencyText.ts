import type { Spread } from '../linalg/spread';
import type { LatencyReport } from '../../workers/protocol/latency';

/** A machine that is busy with something else says nothing where half of its rounds lie further apart. */
const widest = 1.25;

/**
 * "1.82× faster", "1.25× slower"; where half of the rounds do not tell them apart "as fast", or "unclear" where they
 * lie far apart.
 */
export function speedUpText({ median, lowerQuartile, upperQuartile }: Spread): string {
  if (lowerQuartile <= 1 && upperQuartile >= 1)
    return upperQuartile <= widest * lowerQuartile ? 'as fast' : 'unclear';
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
