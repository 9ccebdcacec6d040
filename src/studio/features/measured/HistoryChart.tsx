import type { ReactNode } from 'react';
import {
  CartesianGrid,
  ErrorBar,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { bestOf, planName, type MeasuredPlan, type Quantity } from '../../../project/measuredPlans';
import { accuracyOf, originalMeasurement } from '../../../project/measurements';
import { formatHalfWidth, formatPercent } from '../../../project/numbers';
import { axisLook, ink } from '../../charts/axisLook';
import { axisRange, upToWhole, type AxisRange } from '../../charts/axisRange';
import { asides } from '../../charts/placing';
import { SaveFigure } from '../../charts/SaveFigure';
import { Tip } from '../../charts/Tip';
import { useStudio } from '../../context/context';
import { sideLook } from '../../model/methods';
import styles from './HistoryDialog.module.css';

export interface HistoryChartProps {
  readonly plans: readonly MeasuredPlan[];
  readonly up: Quantity;
  readonly across: Quantity;
  /** Key of the plan that is marked. */
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
  /** What colours and marks mean. */
  readonly legend: ReactNode;
}

/** A plan at its place, with what it may be off by in both directions. */
interface Spot {
  readonly plan: MeasuredPlan;
  readonly x: number;
  readonly y: number;
  readonly offX: readonly [number, number];
  readonly offY: readonly [number, number];
}

/** Measured plans as points with their intervals, and the front of those that none beats. */
export function HistoryChart({ plans, up, across, selected, onSelect, legend }: HistoryChartProps) {
  const original = useStudio((state) => originalMeasurement(state));
  const reference = original && accuracyOf(original, null);
  const places = plans.flatMap((plan) => spotOf(plan, up, across) ?? []);
  const isOfAccuracy = up.id === 'accuracy';
  const best = isOfAccuracy ? bestOf(plans, across) : new Set<string>();
  const front = places.filter(({ plan }) => best.has(plan.key)).sort((a, b) => a.x - b.x);
  const x = axisRange(
    places.flatMap(({ x: at, offX }) => [at - offX[0], at + offX[1]]),
    across.isCost,
  );
  const ends = places.flatMap(({ y: at, offY }) => [at - offY[0], at + offY[1]]);
  const range = axisRange(isOfAccuracy && reference ? [...ends, reference.share] : ends, up.isCost);
  const y = isOfAccuracy ? upToWhole(range) : range;
  const spots = besideOneAnother(places, x, y);
  return (
    <figure
      className={styles.figure}
      aria-label={`${up.label} against ${across.label} of everything measured`}
    >
      <figcaption className={styles.caption}>
        {legend}
        <SaveFigure />
      </figcaption>
      <p className="visually-hidden">
        {spots.length} plans, of which {front.length} are beaten by no other; the table below says the same in
        numbers.
      </p>
      <div className={styles.plot}>
        <ResponsiveContainer width="100%" height="100%">
          <ScatterChart margin={{ top: 12, right: 22, bottom: 22, left: 8 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis {...axisProps(x)} dataKey="x" label={labelOf(across, 'insideBottom')} />
            <YAxis {...axisProps(y)} dataKey="y" width={58} label={labelOf(up, 'insideLeft')} />
            {isOfAccuracy && reference && (
              <ReferenceLine
                y={reference.share}
                stroke="var(--text-second)"
                strokeDasharray="5 4"
                label={{
                  value: `original ${formatPercent(reference.share)}`,
                  position: 'insideBottomLeft',
                  ...ink,
                }}
              />
            )}
            {!isOfAccuracy && (
              <ReferenceLine segment={diagonal(x, y)} stroke="var(--text-third)" strokeDasharray="2 4" />
            )}
            <Tooltip
              content={({ payload }) => <SpotTip spot={payload[0]?.payload as Spot | undefined} />}
              cursor={false}
              isAnimationActive={false}
            />
            <Scatter
              data={front}
              line={{ stroke: 'var(--text-second)', strokeWidth: 1.4 }}
              lineType="joint"
              shape={() => <></>}
              isAnimationActive={false}
              tooltipType="none"
            />
            {byMethod(spots).map(({ colour, own }) => (
              <Scatter
                key={colour}
                data={own}
                isAnimationActive={false}
                shape={({ cx, cy, payload }) => (
                  <Mark
                    {...{ cx: cx ?? 0, cy: cy ?? 0, spot: payload as Spot }}
                    isSelected={(payload as Spot).plan.key === selected}
                    onSelect={onSelect}
                  />
                )}
              >
                {(['y', 'x'] as const).map((direction) => (
                  <ErrorBar
                    key={direction}
                    dataKey={direction === 'y' ? 'offY' : 'offX'}
                    {...{ direction, width: 4, stroke: `var(${colour})`, strokeWidth: 1.3 }}
                    isAnimationActive={false}
                  />
                ))}
              </Scatter>
            ))}
          </ScatterChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

/** Spots by the method that they are drawn as. */
function byMethod(spots: readonly Spot[]) {
  const colours = new Set(spots.map(({ plan }) => lookOf(plan).colour));
  return [...colours].map((colour) => ({
    colour,
    own: spots.filter(({ plan }) => lookOf(plan).colour === colour),
  }));
}

/** How a plan looks: as the first method that proposed it. */
function lookOf({ methods }: MeasuredPlan) {
  return sideLook(methods[0] ?? 'saved');
}

/** About how large the plot is, in pixels: how far marks are moved aside follows from it. */
const plotSize = { width: 950, height: 310 } as const;

/** Marks that would hide one another stand side by side. */
function besideOneAnother(spots: readonly Spot[], x: AxisRange, y: AxisRange): readonly Spot[] {
  const moved = asides(
    spots.map((spot) => ({
      x: ((spot.x - x.low) / (x.high - x.low)) * plotSize.width,
      y: ((spot.y - y.low) / (y.high - y.low)) * plotSize.height,
    })),
  );
  return spots.map((spot, index) => ({
    ...spot,
    x: spot.x + (moved[index]! / plotSize.width) * (x.high - x.low),
  }));
}

function spotOf(plan: MeasuredPlan, up: Quantity, across: Quantity): Spot | null {
  const [x, y] = [across.of(plan), up.of(plan)];
  if (!x || !y) return null;
  return {
    ...{ plan, x: x.value, y: y.value },
    offX: [x.value - x.low, x.high - x.value],
    offY: [y.value - y.low, y.high - y.value],
  };
}

function axisProps({ low, high, ticks }: AxisRange) {
  return {
    ...axisLook,
    domain: [low, high] as [number, number],
    ticks: [...ticks],
    tickFormatter: (value: number) => formatPercent(value, 0),
  };
}

function labelOf({ id, label }: Quantity, position: 'insideBottom' | 'insideLeft') {
  const value = id === 'accuracy' ? label : `${label}, % of the original`;
  const turned =
    position === 'insideLeft' ? { angle: -90, dx: 2, style: { textAnchor: 'middle' as const } } : { dy: 16 };
  return { value, position, ...ink, ...turned };
}

/** Where time falls as the cost does. */
function diagonal(x: AxisRange, y: AxisRange) {
  const [from, to] = [Math.max(x.low, y.low), Math.min(x.high, y.high)];
  return [
    { x: from, y: from },
    { x: to, y: to },
  ] as const;
}

interface MarkProps {
  readonly cx: number;
  readonly cy: number;
  readonly spot: Spot;
  readonly isSelected: boolean;
  readonly onSelect: (key: string) => void;
}

/** Marked as its method is everywhere: ringed where it is repaired, twice where it is distilled, pale where it is of an earlier setting. */
function Mark({ cx, cy, spot, isSelected, onSelect }: MarkProps) {
  const { plan } = spot;
  const { colour, mark } = lookOf(plan);
  return (
    <g
      transform={`translate(${cx} ${cy})`}
      className={styles.spot}
      style={{ color: `var(${colour})` }}
      data-earlier={!plan.isPresent && !isSelected}
      data-plan={planName(plan)}
      onClick={() => onSelect(plan.key)}
    >
      <circle r="12" fill="transparent" />
      {isSelected && <circle r="13" fill="none" stroke="var(--text)" strokeWidth="2" />}
      {plan.stage !== 'cut' && <circle r="8" fill="none" stroke="currentcolor" strokeWidth="1.5" />}
      {plan.stage === 'distilled' && <circle r="10.5" fill="none" stroke="currentcolor" strokeWidth="1.5" />}
      <path
        d={mark}
        fill="currentcolor"
        stroke="var(--surface-raised)"
        strokeWidth="1"
        {...(plan.stage !== 'cut' ? { transform: 'scale(0.75)' } : {})}
      />
      {plan.isKept && (
        <path d="M0 -19l1.8 3.7 4 .5-2.9 2.8.7 4L0 -10l-3.6 2 .7-4-2.9-2.8 4-.5z" fill="var(--text)" />
      )}
    </g>
  );
}

function SpotTip({ spot }: { readonly spot: Spot | undefined }) {
  if (!spot) return null;
  const { plan } = spot;
  const { accuracy, shares, time } = plan;
  return (
    <Tip>
      <b>{planName(plan)}</b>
      <span>
        {formatPercent(accuracy.share)} {formatHalfWidth(accuracy.interval)}
        {accuracy.kind === 'agreement' ? ' answers as the original' : ''}
      </span>
      <span>
        MACs {formatPercent(shares.macs)}, parameters {formatPercent(shares.parameters)}
        {time ? `, time ${formatPercent(time.median)}` : ''}
      </span>
    </Tip>
  );
}
