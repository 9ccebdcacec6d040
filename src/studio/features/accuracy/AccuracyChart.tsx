import { remembered } from '../../../project/remembered';
import {
  accuracyOf,
  isMeasuringBlocked,
  originalMeasurement,
  presentRepair,
} from '../../../project/measurements';
import { plannerOf } from '../../../project/planning';
import { useEffect, useRef, useState } from 'react';
import { formatPercent, formatTarget } from '../../../project/numbers';
import { lookOf } from '../../model/methods';
import { targetRange } from '../../../project/settings';
import type { StudioState } from '../../store/state';
import { figurePoints, type FigurePoint } from '../../../project/figurePoints';
import type { Accuracy } from '../../../project/measurements';
import { useLive, useStudio } from '../../context/context';
import styles from './AccuracyChart.module.css';
import { PlotFrame, type Tick } from '../../charts/PlotFrame';
import { foretellings } from '../../../project/foretelling';
import { FigureButton } from './FigureButton';
import { Legend } from './Legend';
import { MeasuredMark } from './MeasuredMark';
import { asides } from './placing';
import { predictLines, type PredictedLine } from './predictedLines';
import { least } from '../../../linalg/extremes';

/** How long curves must rest before the lines are worked out. */
const restMilliseconds = 600;

/** The axis is the slider's own range, so that the target's line falls from its thumb. */
const span = targetRange.max - targetRange.min;
const placeOf = (share: number) => (share - targetRange.min) / span;
const xTicks: readonly Tick[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((share) => ({
  at: placeOf(share),
  text: formatPercent(share, 0),
}));

/** About how large the plot is, in pixels: how far marks are moved aside follows from it. */
const plotSize = { width: 640, height: 120 } as const;

/** Accuracy against MACs: what was measured so far, with intervals, and where the target stands. */
export function AccuracyChart() {
  const points = useStudio(figurePoints);
  const original = useStudio((state) => originalMeasurement(state));
  const emptyText = useStudio(whyEmpty);
  const reference = original && accuracyOf(original, null);
  const floor = axisFloor(points, reference);
  const height = (share: number) => (share - floor) / (1 - floor);
  const moved = asides(
    points.map(({ achieved, accuracy }) => ({
      x: placeOf(achieved) * plotSize.width,
      y: height(accuracy.share) * plotSize.height,
    })),
  );
  const isAgreement = original !== null && original.top1 === null;
  return (
    <PlotFrame
      title={isAgreement ? 'Agreement with the original against MACs' : 'Accuracy against MACs'}
      summary={summaryOf(points, reference)}
      aside={
        <>
          <Legend />
          <FigureButton />
        </>
      }
      xTicks={xTicks}
      yTicks={yTicks(floor)}
      xTitle="MACs, % of the original"
    >
      {reference && <OriginalLine accuracy={reference} height={height} />}
      {reference && <PredictedLines height={height} />}
      <TargetLine />
      <svg aria-hidden="true">
        {points.map((point, index) => (
          <MeasuredMark
            key={`${point.method} ${point.recipe}`}
            point={point}
            x={placeOf(point.achieved)}
            aside={moved[index] ?? 0}
            height={height}
          />
        ))}
      </svg>
      {points.length === 0 && !reference && <p className={styles.empty}>{emptyText}</p>}
    </PlotFrame>
  );
}

interface PredictedLinesProps {
  readonly height: (share: number) => number;
}

/** What curves and measurements foretell for every method, dashed: computed once per set of curves, off every drag. */
function PredictedLines({ height }: PredictedLinesProps) {
  const planner = useStudio((state) => plannerOf(state) ?? null);
  const foretell = useStudio(foretellings);
  const stage = useStudio((state) => (presentRepair(state) ? 'repaired' : 'cut'));
  const [lines, setLines] = useState<readonly PredictedLine[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      if (planner) void predictLines(planner, abort.signal, setLines);
      else setLines([]);
    }, restMilliseconds);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [planner]);
  // What was measured says where a line runs; before that there is none.
  const fit = foretell[stage] ?? foretell.cut;
  return (
    <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" className={styles.predicted}>
      {lines.map(({ method, points }) => (
        <polyline
          key={method}
          points={points
            .flatMap(({ achieved, quality }) => {
              const share = fit?.at(-Math.log(quality))?.share;
              return share === undefined || height(share) < 0
                ? []
                : [`${placeOf(achieved)},${1 - height(share)}`];
            })
            .join(' ')}
          stroke={`var(${lookOf(method).colour})`}
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}

function whyEmpty(state: StudioState): string {
  if (!state.images) return 'Open labelled images, and measured accuracy appears here.';
  if (isMeasuringBlocked(state)) return 'Nothing is measured, because the original network was not.';
  return 'The first measured points appear here in a moment.';
}

/** Lowest share on the axis: a ten just under everything measured; all of it where nothing is. */
function axisFloor(points: readonly FigurePoint[], reference: Accuracy | null): number {
  const lows = points.map((point) => point.accuracy.interval.low);
  if (reference) lows.push(reference.interval.low);
  if (lows.length === 0) return 0;
  return Math.min(0.8, Math.max(0, Math.floor(least(lows) * 10) / 10));
}

function yTicks(floor: number): Tick[] {
  const step = floor >= 0.8 ? 0.05 : floor >= 0.5 ? 0.1 : 0.2;
  const first = Math.ceil(floor / step - 1e-9) * step;
  const count = Math.round((1 - first) / step) + 1;
  return Array.from({ length: count }, (_, index) => {
    const share = first + index * step;
    return { at: (share - floor) / (1 - floor), text: formatPercent(share, 0) };
  });
}

function summaryOf(points: readonly FigurePoint[], reference: Accuracy | null): string {
  const sentences = points.map(
    ({ method, achieved, accuracy, isRepaired, isDistilled, isPresent }) =>
      `${lookOf(method).name}${isDistilled ? ' distilled' : isRepaired ? ' repaired' : ''} at ${formatPercent(achieved)} of MACs: ${formatPercent(accuracy.share)}${isPresent ? '' : ', under an earlier setting'}.`,
  );
  const original = reference ? `Original network: ${formatPercent(reference.share)}.` : '';
  return [original, ...sentences].join(' ').trim() || 'Nothing is measured yet.';
}

interface OriginalLineProps {
  readonly accuracy: Accuracy;
  readonly height: (share: number) => number;
}

function OriginalLine({ accuracy, height }: OriginalLineProps) {
  const { low, high } = accuracy.interval;
  return (
    <>
      <div
        className={styles.originalBand}
        style={{ bottom: `${height(low) * 100}%`, height: `${(height(high) - height(low)) * 100}%` }}
      />
      <div
        className={styles.original}
        data-high={height(accuracy.share) > 0.85}
        style={{ bottom: `${height(accuracy.share) * 100}%` }}
      >
        <span>original {formatPercent(accuracy.share)}</span>
      </div>
    </>
  );
}

/** The target where it is on MACs; else where the chosen plan comes to stand, which is known once there is one. */
const placeSought = remembered(
  ({ document, completed, network }: StudioState) => [document.settings, completed, network],
  ({ document, completed, network }) => {
    const { target, cost, method } = document.settings;
    const spent = completed?.plans[method]?.plan.costs.macs;
    if (cost === 'macs' || spent === undefined || !network)
      return { share: target, label: `target ${formatTarget(target)}` };
    const share = spent / network.summary.macs;
    return { share, label: `plan ${formatPercent(share)}` };
  },
);

/** "You are here": moves with every frame of a drag, past React. */
function TargetLine() {
  const line = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLSpanElement>(null);
  useLive(
    (state) => placeSought(state),
    ({ share, label }) => {
      const place = placeOf(share);
      line.current?.style.setProperty('transform', `translateX(${place * 100}%)`);
      line.current?.toggleAttribute('data-left', place > 0.85);
      if (text.current) text.current.textContent = label;
    },
  );
  return (
    <div ref={line} className={styles.target} data-live aria-hidden="true">
      <span ref={text} />
    </div>
  );
}
