import type { PointerEvent, ReactNode } from 'react';
import { FigureFrame, type FigureFrameProps } from './FigureFrame';
import styles from './PlotFrame.module.css';

export interface Tick {
  /** Place along the axis, 0 to 1. */
  readonly at: number;
  readonly text: string;
}

interface PlotFrameProps extends Omit<FigureFrameProps, 'gutterBottom'> {
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** What the axis below shows; or a choice of that. */
  readonly xTitle: ReactNode;
  readonly onPointer?: (at: PlotPoint | null) => void;
  readonly onPick?: (at: PlotPoint) => void;
}

/** A place in the plot as shares of its width and height, from the lower left corner. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** Width over height, to measure distances as they look. */
  readonly aspect: number;
}

/**
 * Title, axes and grid of a chart. Everything inside is placed by shares of the plot, so nothing is computed
 * again when the window changes its size.
 */
export function PlotFrame(props: PlotFrameProps) {
  const { xTicks, yTicks, xTitle, children, onPointer, onPick, ...frame } = props;
  return (
    <FigureFrame {...frame}>
      <div className={styles.axisY} aria-hidden="true">
        {yTicks.map(({ at, text }) => (
          <span key={text} style={{ bottom: `${at * 100}%` }}>
            {text}
          </span>
        ))}
      </div>
      <div
        className={styles.plot}
        onPointerMove={onPointer && ((event) => onPointer(pointOf(event)))}
        onPointerLeave={onPointer && (() => onPointer(null))}
        onClick={onPick && ((event) => onPick(pointOf(event)))}
      >
        {yTicks.map(({ at, text }) => (
          <span key={text} className={styles.gridline} style={{ bottom: `${at * 100}%` }} />
        ))}
        {children}
      </div>
      <div className={styles.axisX} data-dense={xTicks.length > 8}>
        {xTicks.map(({ at, text }) => (
          <span key={text} className={styles.tick} style={{ left: `${at * 100}%` }} aria-hidden="true">
            {text}
          </span>
        ))}
        <span className={styles.axisTitle} aria-hidden={typeof xTitle === 'string'}>
          {xTitle}
        </span>
      </div>
    </FigureFrame>
  );
}

function pointOf(event: Pick<PointerEvent, 'clientX' | 'clientY'> & { currentTarget: Element }): PlotPoint {
  const box = event.currentTarget.getBoundingClientRect();
  return {
    x: (event.clientX - box.left) / box.width,
    y: 1 - (event.clientY - box.top) / box.height,
    aspect: box.width / box.height,
  };
}
