import { methods as registry } from '../../compression/methods';
import { paletteOf } from '../../compression/methods/palette';
import { least } from '../../linalg/extremes';
import type { Interval } from '../../linalg/intervals';
import type { Ranks } from '../../network/layers';
import { escapedMarkup } from './blocks';
import { ownValue } from '../../network/ownValue';

/** A measured plan. */
export interface ReportedPoint {
  readonly method: string;
  /** Share of the original MACs. */
  readonly achieved: number;
  readonly share: number;
  readonly interval: Interval;
}

/** What a figure of accuracy shows. */
export interface AccuracyFigure {
  readonly title?: string;
  readonly original: Pick<ReportedPoint, 'share' | 'interval'>;
  readonly points: readonly ReportedPoint[];
  /** Whether a method's points are joined, as its answers to many targets are. */
  readonly isJoined?: boolean;
  /** Accuracy that is foretold, by method: dashed. */
  readonly predicted?: Readonly<Record<string, readonly Pick<ReportedPoint, 'achieved' | 'share'>[]>>;
}

const size = { width: 820, height: 360 };
const frame = { left: 58, right: 18, top: 56, bottom: 44 };
const ink = '#4c5057';

interface Scales {
  readonly x: (share: number) => number;
  readonly y: (share: number) => number;
  /** Lowest share that is shown. */
  readonly floor: number;
}

/** Accuracy against the share of MACs, with 95 % intervals, as an SVG without script or style. */
export function accuracySvg(figure: AccuracyFigure): string {
  const { title = '', original, points } = figure;
  const scales = scalesOf(figure);
  const { x, y, floor } = scales;
  const steps = Array.from({ length: 11 }, (_, index) => index / 10);
  const rows = steps.filter((share) => share >= floor - 1e-9);
  const shown = [...new Set(points.map(({ method }) => method))];
  return svg([
    heading(title),
    ...rows.map(
      (share) =>
        `${line(x(0), y(share), x(1), y(share))}${label(x(0) - 8, y(share) + 4, percent(share), 'end')}`,
    ),
    ...steps.map((share) => label(x(share), y(floor) + 18, percent(share), 'middle')),
    label(x(0.5), size.height - 6, 'MACs, % of the original', 'middle'),
    `<path d="M${x(0)} ${y(original.share)}H${x(1)}" stroke="${ink}" stroke-dasharray="2 3"/>`,
    `<text x="${x(0) + 6}" y="${y(original.share) - 5}" fill="${ink}">original ${(100 * original.share).toFixed(1)} %</text>`,
    ...shown.flatMap((method) => series(figure, method, scales)),
    ...legend(shown),
  ]);
}

function scalesOf({ original, points }: AccuracyFigure): Scales {
  const lows = [original.interval.low, ...points.map(({ interval }) => interval.low)];
  const floor = Math.max(0, Math.min(0.9, Math.floor(least(lows) * 10) / 10));
  return {
    x: (share) => round(frame.left + share * (size.width - frame.left - frame.right)),
    y: (share) => round(frame.top + ((1 - share) / (1 - floor)) * (size.height - frame.top - frame.bottom)),
    floor,
  };
}

function series(
  { points, predicted, isJoined }: AccuracyFigure,
  method: string,
  { x, y, floor }: Scales,
): string[] {
  const { light, path } = lookOf(method);
  const own = points.filter((point) => point.method === method);
  const foretold = (predicted?.[method] ?? []).filter(({ share }) => share >= floor);
  const pathOf = (places: readonly Pick<ReportedPoint, 'achieved' | 'share'>[]) =>
    `M${places.map(({ achieved, share }) => `${x(achieved)} ${y(share)}`).join('L')}`;
  return [
    ...(foretold.length > 1
      ? [`<path d="${pathOf(foretold)}" fill="none" stroke="${light}" stroke-dasharray="5 4"/>`]
      : []),
    ...(isJoined ? [`<path d="${pathOf(own)}" fill="none" stroke="${light}" stroke-width="1.6"/>`] : []),
    ...own.map(({ achieved, share, interval }) => {
      const [low, high] = [y(interval.low), y(interval.high)];
      return `<g transform="translate(${x(achieved)} 0)" stroke="${light}"><path d="M0 ${low}V${high}M-4 ${low}h8M-4 ${high}h8" fill="none"/><path transform="translate(0 ${y(share)})" d="${path}" fill="${light}" stroke="#fff"/></g>`;
    }),
  ];
}

/** The rank of every layer as a share of its largest useful one, in network order; layers kept whole are hollow. */
export function ranksSvg(
  method: string,
  layers: readonly { readonly name: string; readonly rankMax: number }[],
  ranks: Ranks,
): string {
  const { light } = lookOf(method);
  const width = (size.width - frame.left - frame.right) / Math.max(1, layers.length);
  const bottom = size.height - frame.bottom;
  const height = bottom - frame.top;
  return svg([
    ...[0, 0.5, 1].map((share) => {
      const at = round(bottom - share * height);
      return `${line(frame.left, at, size.width - frame.right, at)}${label(frame.left - 8, at + 4, percent(share), 'end')}`;
    }),
    ...layers.map(({ name, rankMax }, index) => {
      const rank = ownValue(ranks, name);
      const isWhole = rank === null || rank === undefined;
      const tall = round(isWhole ? height : (height * rank) / Math.max(1, rankMax));
      const left = round(frame.left + index * width + width * 0.15);
      const fill = isWhole ? `fill="none" stroke="${ink}" stroke-dasharray="2 2"` : `fill="${light}"`;
      const title = `${name}: ${isWhole ? 'whole' : `rank ${rank} of ${rankMax}`}`;
      return `<rect x="${left}" y="${round(bottom - tall)}" width="${round(width * 0.7)}" height="${tall}" ${fill}><title>${escapedMarkup(title)}</title></rect>`;
    }),
    label(size.width / 2, size.height - 6, 'layers in network order; dashed ones stay whole', 'middle'),
    ...legend([method]),
  ]);
}

function svg(parts: readonly string[]): string {
  const paper = `<rect width="${size.width}" height="${size.height}" fill="#fff"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="system-ui, sans-serif" font-size="12" role="img">${paper}${parts.join('')}</svg>`;
}

function heading(title: string): string {
  return title === ''
    ? ''
    : `<text x="${frame.left}" y="18" font-size="14" font-weight="600" fill="#17191d">${escapedMarkup(title)}</text>`;
}

function lookOf(method: string) {
  const { label: name } = registry.get(method);
  return { name, ...paletteOf(registry.all.findIndex(({ id }) => id === method)) };
}

function legend(methods: readonly string[]): string[] {
  return methods.map((method, index) => {
    const { name, light, path } = lookOf(method);
    return `<g transform="translate(${frame.left + 8 + index * 116} 40)"><path d="${path}" fill="${light}"/><text x="12" y="4" fill="#17191d">${escapedMarkup(name)}</text></g>`;
  });
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<path d="M${x1} ${y1}L${x2} ${y2}" stroke="#e2e2dd"/>`;
}

function label(x: number, y: number, text: string, anchor: 'middle' | 'end'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${ink}">${escapedMarkup(text)}</text>`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
