import { memo } from 'react';
import {
  Brush,
  CartesianGrid,
  ErrorBar,
  ReferenceArea,
  ReferenceLine,
  Scatter,
  ScatterChart,
  XAxis,
  YAxis,
} from 'recharts';
import type { Accuracy } from '../../../project/measurements';
import { formatPercent } from '../../../project/numbers';
import { axisLook, ink } from '../../charts/axisLook';
import { ticksWithin, type AxisRange } from '../../charts/axisRange';
import type { PlotBox } from '../../charts/LayeredPlot';
import { lookOf } from '../../model/methods';
import styles from './AccuracyPlot.module.css';
import { BrushGrip } from './BrushGrip';
import { placeOn, wholeStretch, type Spot, type Stretch } from './figureAxes';
import { Mark } from './Mark';
import { PredictedPaths } from './PredictedPaths';
import type { ForetoldLine } from './usePredictedLines';

export interface AccuracyPlotProps {
  readonly box: PlotBox;
  /** The part of the axis of MACs that is shown. */
  readonly across: Stretch;
  readonly up: AxisRange;
  readonly spots: readonly Spot[];
  readonly lines: readonly ForetoldLine[];
  /** Of the original; null where it is not known. */
  readonly reference: Accuracy | null;
  /** How often the whole axis was asked for from outside: the brush begins anew then. */
  readonly resets: number;
  readonly onStretch: (across: Stretch) => void;
  /** The point under the pointer, by its key; null for none. */
  readonly onPoint: (key: string | null) => void;
}

/** What the names of the library's own parts are looked up under in the style sheet. */
const chartClass = String(styles.chart);

/** Height of the brush below the axis; it carries the axis' name. */
const brushHeight = 24;
/** Width of what is taken hold of at its ends. */
const gripWidth = 10;

/** Every whole percent that the brush can rest on. */
const shares = Array.from(
  { length: Math.round((wholeStretch.high - wholeStretch.low) * 100) + 1 },
  (_, index) => ({ x: Math.round(wholeStretch.low * 100 + index) / 100 }),
);
const indexOf = (share: number) => Math.round((share - wholeStretch.low) * 100);

/** What rests in the figure of accuracy against MACs: axes, the original, predicted lines and measured points. */
export const AccuracyPlot = memo(function AccuracyPlot(props: AccuracyPlotProps) {
  const { box, across, up, spots, lines, reference, resets, onStretch, onPoint } = props;
  return (
    <ScatterChart
      className={chartClass}
      width={box.left + box.width + box.right}
      height={box.height + box.bottom}
      margin={{ top: 0, right: box.right, bottom: 0, left: 0 }}
      data={shares}
      accessibilityLayer={false}
    >
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        {...axisLook}
        {...{ dataKey: 'x', domain: [across.low, across.high], allowDataOverflow: true }}
        ticks={[...ticksWithin(across.low, across.high)]}
        tickFormatter={inPercent}
        height={box.bottom - brushHeight}
        tickLine={false}
        axisLine={false}
        tickMargin={-2}
        interval="equidistantPreserveStart"
      />
      <YAxis
        {...axisLook}
        {...{ dataKey: 'y', domain: [up.low, up.high], allowDataOverflow: true }}
        ticks={[...up.ticks]}
        tickFormatter={inPercent}
        width={box.left}
        tickLine={false}
        axisLine={false}
        interval={0}
      />
      {reference && originalMarks(reference, up)}
      <PredictedPaths {...{ box, across, up, lines }} />
      {groupsOf(spots).map(({ key, colour, isPresent, own }) => (
        <Scatter
          key={key}
          className="measured-points"
          data={[...own]}
          isAnimationActive={false}
          shape={({ cx, cy, payload }) => (
            <Mark {...{ cx: cx ?? 0, cy: cy ?? 0, point: (payload as Spot).point }} />
          )}
          onPointerEnter={({ payload }: { readonly payload?: Spot }) => onPoint(payload?.key ?? null)}
          onPointerLeave={() => onPoint(null)}
        >
          <ErrorBar
            dataKey="off"
            {...{ direction: 'y', width: 4, stroke: `var(${colour})`, strokeWidth: 1.5 }}
            strokeOpacity={isPresent ? 1 : 0.35}
            isAnimationActive={false}
          />
        </Scatter>
      ))}
      <Brush
        key={resets}
        dataKey="x"
        height={brushHeight}
        travellerWidth={gripWidth}
        startIndex={indexOf(across.low)}
        endIndex={indexOf(across.high)}
        stroke="var(--line-strong)"
        fill="var(--surface-sunken)"
        tickFormatter={() => ''}
        traveller={(grip) => <BrushGrip {...grip} across={across} />}
        onChange={({ startIndex, endIndex }) => onStretch(stretchOf(startIndex, endIndex))}
      />
      <text
        className={styles.axisTitle}
        x={box.left + box.width / 2}
        y={box.height + box.bottom - brushHeight / 2}
        {...ink}
      >
        MACs, % of the original
      </text>
    </ScatterChart>
  );
});

const inPercent = (share: number) => formatPercent(share, 0);

function stretchOf(start: number, end: number): Stretch {
  const [low, high] = [shares[start]!.x, shares[end]!.x];
  return low < high ? { low, high } : { low, high: low + 0.01 };
}

/** The original's accuracy with its interval, across the whole plot. */
function originalMarks({ share, interval }: Accuracy, up: AxisRange) {
  // Below the line where the title stands above it.
  const position = placeOn(up, share) > 0.85 ? 'insideTopLeft' : 'insideBottomLeft';
  return [
    <ReferenceArea
      key="interval"
      {...{ y1: interval.low, y2: interval.high, ifOverflow: 'hidden' }}
      fill="var(--text-second)"
      fillOpacity={0.09}
      stroke="none"
    />,
    ...(share < up.low || share > up.high
      ? []
      : [
          <ReferenceLine
            key="line"
            y={share}
            ifOverflow="hidden"
            stroke="var(--text-second)"
            strokeWidth={1.5}
            strokeDasharray="4 3"
            label={{
              value: `original ${formatPercent(share)}`,
              position,
              className: 'original-title',
              ...ink,
            }}
          />,
        ]),
  ];
}

/** Points by method, those of earlier settings apart: they come first, and so behind. */
function groupsOf(spots: readonly Spot[]) {
  const groups = new Map<string, Spot[]>();
  for (const spot of spots) {
    const key = `${spot.point.method} ${spot.point.isPresent}`;
    groups.set(key, [...(groups.get(key) ?? []), spot]);
  }
  return [...groups].map(([key, own]) => {
    const { method, isPresent } = own[0]!.point;
    return { key, own, isPresent, colour: lookOf(method).colour };
  });
}
