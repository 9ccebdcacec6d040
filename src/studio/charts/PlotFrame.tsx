import type { CSSProperties, PointerEvent, ReactNode } from 'react';
import { Word } from '../words/Word';
import { SaveFigure } from './SaveFigure';
import styles from './PlotFrame.module.css';

export interface Tick {
  /** Place along the axis, 0 to 1. */
  readonly at: number;
  readonly text: string;
}

interface PlotFrameProps {
  readonly title: string;
  /** Stands in place of the title where one can be chosen. */
  readonly heading?: ReactNode;
  /** What the chart shows, in one or two sentences, for people who do not see it. */
  readonly summary: string;
  /** Beside the title: legend or the value under the pointer. */
  readonly aside?: ReactNode;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly xTitle: string;
  readonly gutterLeft?: number;
  readonly children: ReactNode;
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
  const { title, heading, summary, aside, xTicks, yTicks, xTitle, gutterLeft, children, onPointer, onPick } =
    props;
  const gutter = gutterLeft === undefined ? {} : ({ '--gutter-left': `${gutterLeft}px` } as CSSProperties);
  return (
    <figure className={styles.figure} style={gutter} aria-label={title}>
      <figcaption className={styles.caption}>
        <span className={styles.title}>{heading ?? <Word>{title}</Word>}</span>
        <span className={styles.aside}>{aside}</span>
      </figcaption>
      <p className="visually-hidden">{summary}</p>
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
      <div className={styles.axisX} data-dense={xTicks.length > 8} aria-hidden="true">
        {xTicks.map(({ at, text }) => (
          <span key={text} className={styles.tick} style={{ left: `${at * 100}%` }}>
            {text}
          </span>
        ))}
        <span className={styles.axisTitle}>{xTitle}</span>
      </div>
      <span className={styles.save}>
        <SaveFigure />
      </span>
    </figure>
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
