import { formatInteger } from '../../../project/numbers';
import type { Progress } from '../../../../workers/protocol/progress';
import styles from './MeasuringState.module.css';

interface StepProgressProps {
  /** What is being done: "measuring". */
  readonly text: string;
  /** null before it is known. */
  readonly progress: Progress | null;
}

/** How far something is that will be a number here: "measuring 640 of 1,560". */
export function StepProgress({ text, progress }: StepProgressProps) {
  const share = progress ? progress.done / progress.total : 0;
  return (
    <span className={styles.running}>
      <span className={styles.text}>
        {progress ? `${formatInteger(progress.done)} of ${formatInteger(progress.total)}` : text}
      </span>
      <span className={styles.bar}>
        <span style={{ width: `${share * 100}%` }} />
      </span>
      {progress && <span className="visually-hidden">{text}</span>}
    </span>
  );
}
