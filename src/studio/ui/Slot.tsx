import type { ReactNode } from 'react';
import styles from './Slot.module.css';

interface SlotProps {
  /** "Network" or "Images". */
  readonly label: string;
  /** Name of what is loaded; null for nothing. */
  readonly title: string | null;
  readonly fullTitle?: string;
  /** What is known of it, or what to do. */
  readonly details: ReactNode;
  readonly controls: ReactNode;
  /** Shown under the slot, without moving anything. */
  readonly notes?: ReactNode;
}

/** The place of one thing that the person loads. */
export function Slot({ label, title, fullTitle, details, controls, notes }: SlotProps) {
  return (
    <section className={styles.slot} aria-label={label}>
      <div className={styles.text}>
        <p className={styles.title} title={fullTitle ?? title ?? undefined}>
          <span className={styles.label}>{label}</span>
          {title ?? <span className={styles.none}>none yet</span>}
        </p>
        <div className={styles.details}>{details}</div>
      </div>
      <div className={styles.controls}>{controls}</div>
      {notes && <div className={styles.notes}>{notes}</div>}
    </section>
  );
}
