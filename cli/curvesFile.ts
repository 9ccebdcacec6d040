import { readFile } from 'node:fs/promises';
import { firstMetric, metrics } from '../src/compression/metrics';
import type { Curve, Metric } from '../src/enc/curve';
import {
  accuracyInterval,
  divergenceError,
  pointsOfLayer,
  relativeAccuracy,
  type MeasuredPoint,
} from '../src/enc/sweep/points';
import { fail } from '../src/network/failure';
import type { LayerDescription } from '../src/network/layers';
import type { ImagesSummary, NetworkSummary } from '../workers/protocol/summaries';
import { curveMetrics, type CurveOptions, type PlanCurves } from './planning';

/** Curves as they are written and printed: the fitted value at every rank, and what was measured. */
export interface PrintedCurves {
  /** Of the network. */
  readonly fingerprint: string;
  readonly metric: Metric;
  /** The images that were looked at; null for energy. */
  readonly images: { readonly fingerprint: string; readonly name: string; readonly count: number } | null;
  /** Whether every layer was re-fitted before it was measured, so that the curves foretell a repaired network. */
  readonly isRepaired: boolean;
  readonly layers: readonly PrintedCurve[];
}

export interface PrintedCurve {
  readonly name: string;
  readonly factorisation: LayerDescription['factorisation'];
  readonly rankMax: number;
  /** 1 … r_max. */
  readonly ranks: readonly number[];
  readonly values: readonly number[];
  readonly points: readonly PrintedPoint[];
}

/** A raw point with what follows from it. */
export interface PrintedPoint extends MeasuredPoint {
  readonly accuracy: number;
  /** Wilson's interval of the accuracy, 95 %. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Accuracy divided by the uncut network's on the same images. */
  readonly relative: number;
  /** Standard error of the divergence. */
  readonly divergenceError: number;
}

/** Lays curves and points out for printing, layers in network order. */
export function printedCurves(
  network: NetworkSummary,
  metric: Metric,
  curves: ReadonlyMap<string, Curve>,
  measured: {
    readonly images: ImagesSummary;
    readonly count: number;
    readonly points: readonly MeasuredPoint[];
    readonly isRepaired: boolean;
  } | null,
): PrintedCurves {
  const images = measured && {
    fingerprint: measured.images.fingerprint,
    name: measured.images.name,
    count: measured.count,
  };
  const layers = network.layers.flatMap((layer) => {
    const curve = curves.get(layer.name);
    return curve ? [printedCurve(layer, curve, measured?.points ?? [])] : [];
  });
  return {
    fingerprint: network.fingerprint,
    metric,
    images,
    isRepaired: measured?.isRepaired ?? false,
    layers,
  };
}

function printedCurve(layer: LayerDescription, curve: Curve, points: readonly MeasuredPoint[]): PrintedCurve {
  const { name, factorisation, rankMax } = layer;
  const values = Array.from(curve.quality);
  return {
    name,
    factorisation,
    rankMax,
    ranks: values.map((_, index) => index + 1),
    values,
    points: pointsOfLayer(layer, points).map(printedPoint),
  };
}

function printedPoint(point: MeasuredPoint): PrintedPoint {
  return {
    ...point,
    accuracy: point.correct / point.images,
    interval: accuracyInterval(point),
    relative: relativeAccuracy(point),
    divergenceError: divergenceError(point),
  };
}

/**
 * The metric that drives a plan and the curves it is made from: those of a file where one was given (in the
 * metric it was written for unless another is asked for), else the energy curves.
 *
 * @throws FailureError `unreadable-file` or `invalid-request` where the file is not one of ours, is another
 * network's, or is missing though the metric looks at images
 */
export async function chosenCurves(
  network: NetworkSummary,
  options: CurveOptions,
  energy: ReadonlyMap<string, Curve>,
): Promise<PlanCurves> {
  if (options.curves === null) {
    if (options.metric?.needs.images) {
      fail(
        'invalid-request',
        `--metric ${options.metric.id}: expected --curves with a file that enc curves --out wrote.`,
      );
    }
    return { metric: firstMetric, curves: energy, energy };
  }
  const file = parseCurvesFile(options.curves, await readFile(options.curves, 'utf8').catch(() => null));
  if (file.fingerprint !== network.fingerprint) {
    fail(
      'invalid-request',
      `${options.curves}: its curves belong to another network (fingerprint ${file.fingerprint}).`,
    );
  }
  const metric = options.metric ?? metrics.get(file.metric);
  const layers = network.layers.filter(({ name }) => energy.has(name));
  const points = file.layers.flatMap((layer) => layer.points);
  const { curves, measured } = metric.curves(layers, points, energy);
  if (metric.needs.images && measured.size === 0)
    fail('invalid-request', `${options.curves}: expected measured points, found none that fit.`);
  return { metric: metric.id, curves, energy };
}

function parseCurvesFile(path: string, text: string | null): PrintedCurves {
  if (text === null) return fail('unreadable-file', `${path}: expected a file of curves, found none.`);
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Told below, like every other text that is not ours.
  }
  if (!isCurves(parsed))
    return fail(
      'unreadable-file',
      `${path}: expected curves as enc curves --out writes them, found something else.`,
    );
  return parsed;
}

function isCurves(value: unknown): value is PrintedCurves {
  if (!isRecord(value) || typeof value.fingerprint !== 'string' || !Array.isArray(value.layers)) return false;
  if (!curveMetrics().some(({ id }) => id === value.metric)) return false;
  return value.layers.every(
    (layer) => isRecord(layer) && Array.isArray(layer.points) && layer.points.every(isPoint),
  );
}

function isPoint(value: unknown): value is MeasuredPoint {
  if (!isRecord(value) || typeof value.layer !== 'string' || typeof value.factorisation !== 'string')
    return false;
  const numbers = [value.rank, value.images, value.correct, value.correctUncut, value.divergence];
  return [...numbers, value.divergenceDeviation].every((number) => typeof number === 'number' && number >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
