import type { KeyboardEvent } from 'react';
import { formatHalfWidth, formatInteger, formatPercent } from '../../../project/numbers';
import { Tip } from '../../charts/Tip';
import { placeOn, type Spot, type Stretch } from './figureAxes';
import styles from './PointCursor.module.css';
import { pointName, pointSentence } from './pointNames';

interface PointCursorProps {
  /** From left to right. */
  readonly spots: readonly Spot[];
  readonly across: Stretch;
  readonly up: Stretch;
  /** Key of the point that the keyboard is at; null for none. */
  readonly at: string | null;
  readonly onMove: (key: string | null) => void;
}

/** Goes from point to point by arrow keys, over the plot; each is read out and shows its values. */
export function PointCursor({ spots, across, up, at, onMove }: PointCursorProps) {
  const index = spots.findIndex(({ key }) => key === at);
  const spot = spots[index];

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = spots.length - 1;
    const to = {
      ArrowLeft: Math.max(0, index - 1),
      ArrowDown: Math.max(0, index - 1),
      ArrowRight: Math.min(last, index + 1),
      ArrowUp: Math.min(last, index + 1),
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onMove(spots[to]!.key);
  }

  if (spots.length === 0) return null;
  return (
    <div
      role="slider"
      tabIndex={0}
      className={styles.cursor}
      data-live
      aria-label="Measured points"
      aria-valuemin={1}
      aria-valuemax={spots.length}
      aria-valuenow={index + 1 || 1}
      aria-valuetext={spot ? pointSentence(spot.point) : 'none; the arrow keys go from one to the next'}
      onKeyDown={onKeyDown}
      onFocus={() => onMove(at ?? spots[0]!.key)}
      onBlur={() => onMove(null)}
    >
      {spot && (
        <span
          className={styles.ring}
          style={{ left: `${placeOn(across, spot.x) * 100}%`, bottom: `${placeOn(up, spot.y) * 100}%` }}
        />
      )}
    </div>
  );
}

interface PointTipProps {
  readonly spot: Spot;
  readonly across: Stretch;
  readonly up: Stretch;
}

/** What was measured, beside its point. */
export function PointTip({ spot, across, up }: PointTipProps) {
  const { accuracy, achieved, isPresent } = spot.point;
  const [x, y] = [placeOn(across, spot.x), placeOn(up, spot.y)];
  const side = x > 0.6 ? { right: `${(1 - x) * 100}%` } : { left: `${x * 100}%` };
  return (
    <div className={styles.tip} data-live style={{ ...side, bottom: `${y * 100}%` }}>
      <Tip>
        <b>{pointName(spot.point)}</b>
        <span>
          {formatPercent(accuracy.share)} {formatHalfWidth(accuracy.interval)},{' '}
          {formatInteger(accuracy.successes)} of {formatInteger(accuracy.images)} images
          {accuracy.kind === 'agreement' ? ' answered as the original' : ''}
        </span>
        <span>
          {formatPercent(achieved)} of MACs{isPresent ? '' : ', under an earlier setting'}
        </span>
      </Tip>
    </div>
  );
}
