import type { Metric } from '../../enc/curve';
import type { Requested } from '../store/state';

const metrics: readonly Metric[] = ['energy', 'measured', 'divergence'];

type SweepRequest = Pick<Requested, 'seed' | 'sizes' | 'metric'>;

/** What a link says of split and metric: `?metric=divergence&seed=1&calibration=200&selection=256`. */
export function sweepRequestFrom(parameters: URLSearchParams): Partial<SweepRequest> {
  const seed = wholeNumber(parameters.get('seed'));
  const calibration = wholeNumber(parameters.get('calibration'));
  const selection = wholeNumber(parameters.get('selection'));
  const metric = metrics.find((name) => name === parameters.get('metric'));
  const sizes = {
    ...(calibration === null ? {} : { calibration }),
    ...(selection === null ? {} : { selection }),
  };
  return {
    ...(seed === null ? {} : { seed }),
    ...(Object.keys(sizes).length > 0 ? { sizes } : {}),
    ...(metric ? { metric } : {}),
  };
}

/** Writes them, as far as a person chose them; the seed always, since it decides which images are which. */
export function writeSweepRequest(parameters: URLSearchParams, { seed, sizes, metric }: SweepRequest): void {
  parameters.set('seed', String(seed));
  for (const part of ['calibration', 'selection'] as const) {
    if (sizes[part] === undefined) parameters.delete(part);
    else parameters.set(part, String(sizes[part]));
  }
  if (metric === null) parameters.delete('metric');
  else parameters.set('metric', metric);
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
