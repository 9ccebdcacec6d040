import type { ComponentType } from 'react';
import styles from './LazyFigure.module.css';
import { useLoaded } from './useLoaded';

interface LazyFigureProps<Props> {
  /** By `loadPart`; the same function every time. */
  readonly load: () => Promise<ComponentType<Props>>;
  readonly props: Props;
}

/** A figure whose library comes when it is first needed. */
export function LazyFigure<Props extends object>({ load, props }: LazyFigureProps<Props>) {
  const { part: Chart, problem } = useLoaded(load);
  if (problem !== null) return <p role="alert">{problem}</p>;
  return (
    <div className={styles.chart}>
      {Chart ? <Chart {...props} /> : <p role="status">Loading the figure…</p>}
    </div>
  );
}
