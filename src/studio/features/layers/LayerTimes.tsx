import type { ReactNode } from 'react';
import { timeCost, type LayerTimes as Times, type TimeTable } from '../../../enc/timeTable';
import { greatest } from '../../../linalg/extremes';
import type { LayerDescription } from '../../../network/layers';
import { formatMilliseconds } from '../../../project/latencyText';
import { PlotFrame, type Tick } from '../../charts/PlotFrame';
import styles from './LayerDetail.module.css';
import { rankTicks } from './rankTicks';

interface LayerTimesProps {
  readonly layer: LayerDescription;
  readonly table: TimeTable;
  /** Of the layer, in the table. */
  readonly times: Times;
  readonly heading: ReactNode;
}

/** What a layer takes by itself at each measured rank, against what it takes whole. */
export function LayerTimes({ layer, table, times, heading }: LayerTimesProps) {
  const cost = timeCost(table);
  const most = greatest([times.whole, ...times.times]) * 1.1;
  const x = (rank: number) => rank / layer.rankMax;
  const y = (time: number) => 1 - time / most;
  const line = Array.from({ length: layer.rankMax }, (_, index) => index + 1)
    .map((rank) => `${x(rank).toFixed(4)},${y(cost.atRank(layer, rank)).toFixed(4)}`)
    .join(' ');
  const whole = `${y(times.whole) * 100}%`;
  return (
    <div className={styles.chart}>
      <PlotFrame
        title="Time by rank, ms"
        heading={heading}
        summary={summaryOf(layer, times)}
        xTicks={rankTicks(layer.rankMax)}
        yTicks={timeTicks(most)}
        xTitle="rank"
        gutterLeft={48}
      >
        <svg aria-hidden="true" className={styles.whole}>
          <line x1="0" x2="100%" y1={whole} y2={whole} />
          <text x="4" y={whole} dy={times.whole > most / 2 ? 14 : -5}>
            whole {formatMilliseconds(times.whole)}
          </text>
        </svg>
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" className={styles.curve}>
          <polyline points={line} vectorEffect="non-scaling-stroke" />
        </svg>
        <svg aria-hidden="true" className={styles.points}>
          {times.ranks.map((rank, index) => (
            <circle key={rank} cx={`${x(rank) * 100}%`} cy={`${y(times.times[index]!) * 100}%`} r="2.6" />
          ))}
        </svg>
      </PlotFrame>
    </div>
  );
}

/** None, the middle, and the greatest, in milliseconds. */
function timeTicks(most: number): Tick[] {
  return [0, 0.5, 1].map((at) => ({ at, text: (at * most).toPrecision(2) })).with(0, { at: 0, text: '0' });
}

function summaryOf({ name }: LayerDescription, { whole, ranks, times }: Times): string {
  const cut = ranks.map((rank, index) => `${formatMilliseconds(times[index]!)} at rank ${rank}`);
  return `${name} takes ${formatMilliseconds(whole)} whole; cut, ${cut.join(', ')}. Measured here, one image at a time.`;
}
