import type { JobStatus } from '../../../project/jobStatus';
import styles from './MeasuringState.module.css';

interface ShortStateProps {
  readonly job: JobStatus | null;
  /** What the button does: "measure". */
  readonly verb: string;
  /** Whose number it is. */
  readonly name: string;
  readonly onStart: () => void;
}

/** Where a number that is foretold so far stands: " · 12/21", or the way to have it. */
export function ShortState({ job, verb, name, onStart }: ShortStateProps) {
  if (job?.state === 'running') {
    const { progress } = job;
    return progress ? ` · ${progress.done}/${progress.total}` : ' · …';
  }
  return (
    <>
      {' · '}
      <button
        type="button"
        className={styles.link}
        aria-label={`${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${name}`}
        onClick={onStart}
      >
        {verb}
      </button>
    </>
  );
}
