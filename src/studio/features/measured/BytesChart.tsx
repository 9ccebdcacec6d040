import {
  CartesianGrid,
  ErrorBar,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { greatest } from '../../../linalg/extremes';
import { accuracyOfPoint, lineOfFamily, isOfOriginal } from '../../../project/byBytes';
import { bytesWeights, type BytesNote, type BytesPoint } from '../../../project/document';
import { formatBytes, formatHalfWidth, formatPercent, formatTarget } from '../../../project/numbers';
import { ink, axisLook } from '../../charts/axisLook';
import { axisRange, upToWhole } from '../../charts/axisRange';
import { SaveFigure } from '../../charts/SaveFigure';
import { Tip } from '../../charts/Tip';
import { lookOf } from '../../model/methods';
import styles from './HistoryDialog.module.css';

export interface BytesChartProps {
  readonly note: BytesNote;
}

/** A measured network at its place. */
interface Spot {
  readonly point: BytesPoint;
  readonly x: number;
  readonly y: number;
  readonly off: readonly [number, number];
}

interface Family {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly BytesPoint[];
}

/** What tells ways of storing apart where colour does not: a disc, a square and a triangle, 10 units wide. */
const marks: Readonly<Record<BytesPoint['weights'], string>> = {
  float32: 'M0 -5a5 5 0 1 0 0.01 0z',
  float16: 'M-4.5 -4.5h9v9h-9z',
  int8: 'M0 -5.5l5.5 9.5h-11z',
};

/** Accuracy against bytes: one line for the original, and one for the plans that no other of them beats. */
export function BytesChart({ note }: BytesChartProps) {
  const look = lookOf(note.method);
  const families: readonly Family[] = [
    { name: 'Original', colour: '--text-second', points: note.points.filter(isOfOriginal) },
    { name: look.name, colour: look.colour, points: note.points.filter((point) => !isOfOriginal(point)) },
  ].filter(({ points }) => points.length > 0);
  const spots = note.points.map(spotOf);
  const most = greatest(spots.map(({ x }) => x));
  // Ticks on round numbers of the unit that the largest is told in.
  const unit = 1000 ** Math.floor(Math.log10(Math.max(1, most)) / 3);
  const scale = 10 ** Math.floor(Math.log10(most / unit));
  const across = axisRange(
    spots.map(({ x }) => x / unit / scale),
    true,
  );
  const up = upToWhole(
    axisRange(
      spots.flatMap(({ y, off }) => [y - off[0], y + off[1]]),
      false,
    ),
  );
  return (
    <figure className={styles.figure} aria-label="Accuracy against bytes of the original and of plans">
      <figcaption className={styles.caption}>
        <span className={styles.key}>
          {families.map(({ name, colour }) => (
            <span key={name} style={{ color: `var(${colour})` }}>
              <svg width="18" height="10" viewBox="0 0 18 10" aria-hidden="true">
                <path d="M0 5h18" stroke="currentcolor" strokeWidth="2.4" />
              </svg>{' '}
              <span className={styles.word}>{name}</span>
            </span>
          ))}
          {bytesWeights.map((weights) => (
            <span key={weights}>
              <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
                <path d={marks[weights]} fill="currentcolor" />
              </svg>{' '}
              {weights}
            </span>
          ))}
        </span>
        <SaveFigure />
      </figcaption>
      <p className="visually-hidden">The table below says the same in numbers.</p>
      <div className={styles.plot}>
        <ResponsiveContainer width="100%" height="100%">
          <ScatterChart margin={{ top: 12, right: 22, bottom: 22, left: 8 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis
              {...axisLook}
              dataKey="x"
              domain={[across.low * scale * unit, across.high * scale * unit]}
              ticks={across.ticks.map((tick) => tick * scale * unit)}
              tickFormatter={(value: number) => (value === 0 ? '0' : formatBytes(value))}
              label={{ value: 'Bytes of weights', position: 'insideBottom', dy: 16, ...ink }}
            />
            <YAxis
              {...axisLook}
              dataKey="y"
              width={58}
              domain={[up.low, up.high]}
              ticks={[...up.ticks]}
              tickFormatter={(value: number) => formatPercent(value, 0)}
              label={{
                value: note.points[0]?.kind === 'agreement' ? 'As the original' : 'Accuracy',
                ...{ position: 'insideLeft', angle: -90, dx: 2, style: { textAnchor: 'middle' } },
                ...ink,
              }}
            />
            <Tooltip
              content={({ payload }) => (
                <SpotTip note={note} spot={payload[0]?.payload as Spot | undefined} />
              )}
              cursor={false}
              isAnimationActive={false}
            />
            {families.map(({ name, colour, points }) => (
              <Scatter
                key={`${name}, line`}
                data={lineOfFamily(points).map(spotOf)}
                line={{ stroke: `var(${colour})`, strokeWidth: 1.6 }}
                lineType="joint"
                shape={() => <></>}
                isAnimationActive={false}
                tooltipType="none"
              />
            ))}
            {families.map(({ name, colour, points }) => (
              <Scatter
                key={name}
                data={points.map(spotOf)}
                isAnimationActive={false}
                shape={({ cx, cy, payload }) => (
                  <g
                    transform={`translate(${cx ?? 0} ${cy ?? 0})`}
                    style={{ color: `var(${colour})` }}
                    data-point={nameOf(note, (payload as Spot).point)}
                  >
                    <circle r="10" fill="transparent" />
                    <path
                      d={marks[(payload as Spot).point.weights]}
                      fill="currentcolor"
                      stroke="var(--surface-raised)"
                      strokeWidth="1"
                    />
                  </g>
                )}
              >
                <ErrorBar
                  dataKey="off"
                  {...{ direction: 'y', width: 4, stroke: `var(${colour})`, strokeWidth: 1.3 }}
                  isAnimationActive={false}
                />
              </Scatter>
            ))}
          </ScatterChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

function spotOf(point: BytesPoint): Spot {
  const { share, interval } = accuracyOfPoint(point);
  return { point, x: point.bytes, y: share, off: [share - interval.low, interval.high - share] };
}

function nameOf({ method }: BytesNote, point: BytesPoint): string {
  const network = isOfOriginal(point)
    ? 'Original'
    : `${lookOf(method).name} at ${formatTarget(point.target)}`;
  return `${network}, ${point.weights}`;
}

function SpotTip({ note, spot }: { readonly note: BytesNote; readonly spot: Spot | undefined }) {
  if (!spot) return null;
  const { share, interval } = accuracyOfPoint(spot.point);
  return (
    <Tip>
      <b>{nameOf(note, spot.point)}</b>
      <span>
        {formatPercent(share)} {formatHalfWidth(interval)}, {formatBytes(spot.point.bytes)}
      </span>
    </Tip>
  );
}
