import type { FigurePoint } from '../../../project/figurePoints';
import { lookOf } from '../../model/methods';
import styles from './AccuracyChart.module.css';

interface MeasuredMarkProps {
  readonly point: FigurePoint;
  /** Share of the plot's width. */
  readonly x: number;
  /** Pixels by which it is moved so that it hides no other. */
  readonly aside: number;
  readonly height: (share: number) => number;
}

/** A measured plan with its interval: ringed where it was repaired, twice where it was distilled, pale where it is of an earlier setting. */
export function MeasuredMark({ point, x, aside, height }: MeasuredMarkProps) {
  const look = lookOf(point.method);
  const place = `${x * 100}%`;
  const y = (share: number) => `${(1 - height(share)) * 100}%`;
  const { low, high } = point.accuracy.interval;
  return (
    <g
      className={styles.point}
      data-earlier={!point.isPresent}
      style={{ color: `var(${look.colour})` }}
      transform={`translate(${aside} 0)`}
    >
      <line x1={place} x2={place} y1={y(low)} y2={y(high)} stroke="currentcolor" strokeWidth="1.5" />
      {[low, high].map((end) => (
        <svg key={end} x={place} y={y(end)} overflow="visible">
          <path d="M-4 0h8" stroke="currentcolor" strokeWidth="1.5" />
        </svg>
      ))}
      <svg x={place} y={y(point.accuracy.share)} overflow="visible">
        {point.isRepaired && <circle r="8" className={styles.ring} />}
        {point.isDistilled && <circle r="11" className={styles.ring} />}
        <path
          d={look.mark}
          fill="currentcolor"
          className={styles.mark}
          {...(point.isRepaired ? { transform: 'scale(0.75)' } : {})}
        />
      </svg>
    </g>
  );
}
