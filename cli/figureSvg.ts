import { methods as registry } from '../src/compression/methods';
import { paletteOf } from '../src/compression/methods/palette';
import { metrics } from '../src/compression/metrics';
import { least } from '../src/linalg/extremes';
import type { Interval } from '../src/linalg/intervals';
import type { Ranks } from '../src/network/layers';
import type { Predicted } from './planning';

/** One plan of the figure. */
export interface FigurePoint {
  /** Its id. */
  readonly method: string;
  readonly target: number;
  readonly achieved: number;
  readonly reached: boolean;
  readonly ranks: Ranks;
  /** Qualities predicted from the curves. */
  readonly predicted: Predicted;
  /** Right answers, or answers like the original's where images have no labels. */
  readonly measured: { readonly correct: number; readonly accuracy: number; readonly interval: Interval };
}

/** The paper's main figure: accuracy against the share of MACs. */
export interface Figure {
  readonly network: string;
  /** Its id. */
  readonly metric: string;
  /** Whether accuracy is agreement with the original network. */
  readonly isAgreement: boolean;
  readonly images: number;
  readonly original: { readonly correct: number; readonly accuracy: number; readonly interval: Interval };
  readonly points: readonly FigurePoint[];
}

const size = { width: 760, height: 440 };
const frame = { left: 64, right: 20, top: 56, bottom: 48 };

/** Name, colour and mark as on the page. */
function lookOf(method: string) {
  const { label } = registry.get(method);
  const { light, path } = paletteOf(registry.all.findIndex(({ id }) => id === method));
  return { name: label, colour: light, mark: path };
}

/**
 * Accuracy against the share of MACs as an SVG: measured points solid, joined and with their 95 % intervals,
 * predictions dashed where the metric foretells accuracy.
 */
export function figureSvg(figure: Figure): string {
  const { points, original } = figure;
  const lows = [original, ...points.map(({ measured }) => measured)].map(({ interval }) => interval.low);
  const floor = Math.min(0.9, Math.floor(least(lows) * 10) / 10);
  const x = (share: number) => frame.left + share * (size.width - frame.left - frame.right);
  const y = (share: number) =>
    frame.top + ((1 - share) / (1 - floor)) * (size.height - frame.top - frame.bottom);
  const methods = [...new Set(points.map(({ method }) => method))];
  const parts = [
    `<rect width="${size.width}" height="${size.height}" fill="#fff"/>`,
    `<text x="${frame.left}" y="22" font-size="14" font-weight="600">${title(figure)}</text>`,
    ...axis(x, y, floor),
    ...originalLine(figure, x, y),
    ...methods.flatMap((method) => series(figure, method, x, y, floor)),
    ...legend(methods),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="system-ui, sans-serif" font-size="12" fill="#17191d">\n${parts.join('\n')}\n</svg>\n`;
}

type Scale = (share: number) => number;

function title({ network, isAgreement, images }: Figure): string {
  return escaped(
    `${network}: ${isAgreement ? 'agreement with the original' : 'top-1 accuracy'}, ${images} images`,
  );
}

function axis(x: Scale, y: Scale, floor: number): string[] {
  const across = Array.from({ length: 11 }, (_, index) => index / 10);
  const up = across.filter((share) => share >= floor - 1e-9);
  return [
    ...up.map(
      (share) =>
        `<path d="M${x(0)} ${y(share)}H${x(1)}" stroke="#e2e2dd"/><text x="${x(0) - 8}" y="${y(share) + 4}" text-anchor="end" fill="#4c5057">${(100 * share).toFixed(0)} %</text>`,
    ),
    ...across.map(
      (share) =>
        `<text x="${x(share)}" y="${y(floor) + 18}" text-anchor="middle" fill="#4c5057">${(100 * share).toFixed(0)} %</text>`,
    ),
    `<text x="${x(0.5)}" y="${size.height - 8}" text-anchor="middle" fill="#4c5057">MACs, % of the original</text>`,
  ];
}

function originalLine({ original }: Figure, x: Scale, y: Scale): string[] {
  return [
    `<path d="M${x(0)} ${y(original.accuracy)}H${x(1)}" stroke="#4c5057" stroke-dasharray="2 3"/>`,
    `<text x="${x(0) + 6}" y="${y(original.accuracy) - 5}" fill="#4c5057">original ${(100 * original.accuracy).toFixed(1)} %</text>`,
  ];
}

/** What the whole network is predicted to keep of the original's accuracy, where the metric foretells it. */
function predictedShare({ predicted }: FigurePoint, metric: Figure['metric']): number | null {
  return metrics.get(metric).foretellsAccuracy ? (predicted[metric] ?? null) : null;
}

function series(figure: Figure, method: string, x: Scale, y: Scale, floor: number): string[] {
  const { colour, mark } = lookOf(method);
  const own = figure.points.filter((point) => point.method === method);
  const predicted = own.flatMap((point) => {
    const share = predictedShare(point, figure.metric);
    const accuracy = share === null ? null : share * figure.original.accuracy;
    return accuracy === null || accuracy < floor ? [] : [`${x(point.achieved)} ${y(accuracy)}`];
  });
  const measured = own.map((point) => `${x(point.achieved)} ${y(point.measured.accuracy)}`);
  return [
    ...(predicted.length > 1
      ? [`<path d="M${predicted.join('L')}" fill="none" stroke="${colour}" stroke-dasharray="5 4"/>`]
      : []),
    `<path d="M${measured.join('L')}" fill="none" stroke="${colour}" stroke-width="1.6"/>`,
    ...own.map(({ achieved, measured: { accuracy, interval } }) => {
      const [low, high] = [y(interval.low), y(interval.high)];
      return `<g transform="translate(${x(achieved)} 0)" stroke="${colour}"><path d="M0 ${low}V${high}M-4 ${low}h8M-4 ${high}h8" fill="none"/><path transform="translate(0 ${y(accuracy)})" d="${mark}" fill="${colour}" stroke="#fff"/></g>`;
    }),
  ];
}

function legend(methods: readonly string[]): string[] {
  return methods.map((method, index) => {
    const { name, colour, mark } = lookOf(method);
    return `<g transform="translate(${frame.left + 8 + index * 110} 42)"><path d="${mark}" fill="${colour}"/><text x="12" y="4">${name}</text></g>`;
  });
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
