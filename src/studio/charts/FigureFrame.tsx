import type { CSSProperties, ReactNode } from 'react';
import { Word } from '../words/Word';
import styles from './PlotFrame.module.css';
import { SaveFigure } from './SaveFigure';

export interface FigureFrameProps {
  readonly title: string;
  /** Stands in place of the title where one can be chosen. */
  readonly heading?: ReactNode;
  /** What the figure shows, in one or two sentences, for people who do not see it. */
  readonly summary: string;
  /** Beside the title: legend or the value under the pointer. */
  readonly aside?: ReactNode;
  /** Room left of the plot for an axis, in pixels. */
  readonly gutterLeft?: number;
  /** Room below the plot for an axis, in pixels. */
  readonly gutterBottom?: number;
  /** Stands on the grid of title, gutters and plot. */
  readonly children: ReactNode;
}

/** What is around every figure: its title, what it says in words, and the button that saves it. */
export function FigureFrame(props: FigureFrameProps) {
  const { title, heading, summary, aside, gutterLeft, gutterBottom, children } = props;
  const gutters = {
    ...(gutterLeft === undefined ? {} : { '--gutter-left': `${gutterLeft}px` }),
    ...(gutterBottom === undefined ? {} : { '--gutter-bottom': `${gutterBottom}px` }),
  } as CSSProperties;
  return (
    <figure className={styles.figure} style={gutters} aria-label={title}>
      <figcaption className={styles.caption}>
        <span className={styles.title}>{heading ?? <Word>{title}</Word>}</span>
        <span className={styles.aside}>{aside}</span>
      </figcaption>
      <p className="visually-hidden">{summary}</p>
      {children}
      <span className={styles.save}>
        <SaveFigure />
      </span>
    </figure>
  );
}
