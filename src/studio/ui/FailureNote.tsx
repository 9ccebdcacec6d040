import type { ReactNode } from 'react';
import type { Failure } from '../../network/failure';
import styles from './FailureNote.module.css';

interface FailureNoteProps {
  readonly failure: Failure;
  readonly onDismiss: () => void;
  /** What may be done about it, here and now. */
  readonly children?: ReactNode;
}

/** An expected failure, shown where it happened until the person takes it away. */
export function FailureNote({ failure, onDismiss, children }: FailureNoteProps) {
  return (
    <div className={styles.note} role="alert">
      <div>
        <p>{failure.message}</p>
        {children}
      </div>
      <button type="button" className={styles.dismiss} onClick={onDismiss} aria-label="Dismiss this message">
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="M2 2l8 8M10 2l-8 8" />
        </svg>
      </button>
    </div>
  );
}
