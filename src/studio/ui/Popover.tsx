import { useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import styles from './Popover.module.css';

interface PopoverProps {
  readonly label: string;
  readonly face: ReactNode;
  readonly className?: string | undefined;
  readonly panelClassName?: string | undefined;
  /** Whether what it holds exists only while it is open. */
  readonly isLazy?: boolean;
  readonly children: ReactNode;
}

/** A button that opens a small panel under itself, or above where there is no room; Escape or a click elsewhere closes it. */
export function Popover({ label, face, className, panelClassName, isLazy = false, children }: PopoverProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);

  function place(): void {
    const anchor = button.current?.getBoundingClientRect();
    const box = panel.current;
    if (!anchor || !box) return;
    const right = Math.max(8, Math.min(innerWidth - anchor.right, innerWidth - box.offsetWidth - 8));
    const below = anchor.bottom + 6;
    const fitsBelow = below + box.offsetHeight <= innerHeight - 8;
    box.style.top = `${fitsBelow ? below : Math.max(8, anchor.top - 6 - box.offsetHeight)}px`;
    box.style.right = `${right}px`;
  }

  // Its size is known only once it holds something.
  useLayoutEffect(() => {
    if (isOpen) place();
  }, [isOpen]);

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
        className={[styles.panel, panelClassName].join(' ')}
        onToggle={(event) => setIsOpen(event.newState === 'open')}
      >
        {(isOpen || !isLazy) && children}
      </div>
    </>
  );
}
