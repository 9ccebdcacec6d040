import type { FigurePoint } from '../../../project/figurePoints';
import { lookOf } from '../../model/methods';
import styles from './AccuracyPlot.module.css';
import { pointSentence } from './pointNames';

interface MarkProps {
  readonly cx: number;
  readonly cy: number;
  readonly point: FigurePoint;
}

/** A measured plan: ringed where it was repaired, twice where it was distilled, pale where it is of an earlier setting. */
export function Mark({ cx, cy, point }: MarkProps) {
  const { mark, colour } = lookOf(point.method);
  return (
    <g
      className={styles.mark}
      transform={`translate(${cx} ${cy})`}
      style={{ color: `var(${colour})` }}
      data-earlier={!point.isPresent}
      data-point={pointSentence(point)}
    >
      <circle r="12" fill="transparent" />
      {point.isRepaired && <circle r="8" className={styles.ring} />}
      {point.isDistilled && <circle r="11" className={styles.ring} />}
      <path
        d={mark}
        fill="currentcolor"
        stroke="var(--surface)"
        strokeWidth="1"
        {...(point.isRepaired ? { transform: 'scale(0.75)' } : {})}
      />
    </g>
  );
}
