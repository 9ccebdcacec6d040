import { useId, useRef, type ReactNode } from 'react';
import styles from './Popover.module.css';

interface PopoverProps {
  readonly label: string;
  readonly face: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A button that opens a small panel under itself; Escape or a click elsewhere closes it. */
export function Popover({ label, face, className, children }: PopoverProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  function place(): void {
    const anchor = button.current?.getBoundingClientRect();
    const box = panel.current;
    if (!anchor || !box) return;
    const right = Math.max(8, Math.min(innerWidth - anchor.right, innerWidth - box.offsetWidth - 8));
    box.style.top = `${anchor.bottom + 6}px`;
    box.style.right = `${right}px`;
  }

  return (
    <>
      <button ref={button} type="button" className={className} popoverTarget={id} title={label}>
        {face}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        className={styles.panel}
        onToggle={place}
      >
        {children}
      </div>
    </>
  );
}
