import { useEffect, useState, type ComponentType } from 'react';
import styles from './HistoryDialog.module.css';

interface LazyFigureProps<Props> {
  /** By `loadPart`; the same function every time. */
  readonly load: () => Promise<ComponentType<Props>>;
  readonly props: Props;
}

/** A figure whose library comes when it is first needed. */
export function LazyFigure<Props extends object>({ load, props }: LazyFigureProps<Props>) {
  const [part, setPart] = useState<{ readonly Chart: ComponentType<Props> } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isHere = true;
    void load().then(
      (Chart) => isHere && setPart({ Chart }),
      (error: Error) => isHere && setProblem(error.message),
    );
    return () => {
      isHere = false;
    };
  }, [load]);
  if (problem !== null) return <p role="alert">{problem}</p>;
  return (
    <div className={styles.chart}>
      {part ? <part.Chart {...props} /> : <p role="status">Loading the figure…</p>}
    </div>
  );
}
