import type { Failure } from '../../network/failure';
import styles from './FailureNote.module.css';

interface FailureNoteProps {
  readonly failure: Failure;
  readonly onDismiss: () => void;
}

/** An expected failure, shown where it happened until the person takes it away. */
export function FailureNote({ failure, onDismiss }: FailureNoteProps) {
  return (
    <div className={styles.note} role="alert">
      <p>{failure.message}</p>
      <button type="button" className={styles.dismiss} onClick={onDismiss} aria-label="Dismiss this message">
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="M2 2l8 8M10 2l-8 8" />
        </svg>
      </button>
    </div>
  );
}
