import { least } from '../../../linalg/extremes';
import type { DistilEpoch } from '../../../project/document';
import { formatPercent } from '../../../project/numbers';
import { PlotFrame } from '../../charts/PlotFrame';
import styles from './DistilControl.module.css';
import { fromZero, ofEpochs, placeOn, upToAll, type Axis } from './epochAxes';

/** So many marks would hide the line. */
const manyEpochs = 40;

interface EpochsChartProps {
  readonly epochs: readonly DistilEpoch[];
  /** Epochs that there will be. */
  readonly total: number;
}

/** How close the network has come to the original on held-back images, epoch by epoch, by two measures. */
export function EpochsChart({ epochs, total }: EpochsChartProps) {
  const divergences = epochs.map(({ divergence }) => divergence);
  const shares = epochs.map(({ agreement }) => agreement);
  const closest = divergences.indexOf(least(divergences));
  const across = ofEpochs(total);
  return (
    <div className={styles.charts}>
      <Measure
        title="Divergence by epoch"
        summary={divergences.map((value, epoch) => `Epoch ${epoch}: ${value.toPrecision(3)} nats`).join('; ')}
        {...{ across, up: fromZero(divergences), values: divergences, marked: closest }}
      />
      <Measure
        title="Same answers by epoch"
        summary={shares.map((value, epoch) => `Epoch ${epoch}: ${formatPercent(value)}`).join('; ')}
        {...{ across, up: upToAll(shares), values: shares, marked: closest }}
      />
    </div>
  );
}

interface MeasureProps {
  readonly title: string;
  readonly summary: string;
  readonly across: Axis;
  readonly up: Axis;
  /** By epoch. */
  readonly values: readonly number[];
  /** The epoch whose state is the closest so far. */
  readonly marked: number;
}

function Measure({ title, summary, across, up, values, marked }: MeasureProps) {
  const small = values.length > manyEpochs ? 1 : 3;
  const places = values.map((value, epoch) => ({
    x: 100 * placeOn(across, epoch),
    y: 100 * (1 - placeOn(up, value)),
  }));
  return (
    <PlotFrame
      title={title}
      summary={summary || 'No epoch has ended yet.'}
      xTicks={across.ticks}
      yTicks={up.ticks}
      xTitle="epoch"
      gutterLeft={52}
    >
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" className={styles.line}>
        <polyline
          points={places.map(({ x, y }) => `${x},${y}`).join(' ')}
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <svg aria-hidden="true" className={styles.points}>
        {places.map(({ x, y }, epoch) => (
          <circle
            key={epoch}
            cx={`${x}%`}
            cy={`${y}%`}
            r={epoch === marked ? 5 : small}
            data-best={epoch === marked}
          />
        ))}
      </svg>
    </PlotFrame>
  );
}
