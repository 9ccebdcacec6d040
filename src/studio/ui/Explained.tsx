import { useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import styles from './Explained.module.css';

interface ExplainedProps {
  /** What it means, in one sentence. */
  readonly text: string;
  /** The word itself. */
  readonly children: ReactNode;
  /** What pressing it does beside. */
  readonly onPress?: (() => void) | undefined;
}

/** A word that says what it means under the pointer, at focus, and when it is tapped. */
export function Explained({ text, children, onPress }: ExplainedProps) {
  const id = useId();
  const word = useRef<HTMLButtonElement>(null);
  const note = useRef<HTMLSpanElement>(null);
  const [isOpen, setIsOpen] = useState(false);

  // Its size is known only once it holds something.
  useLayoutEffect(() => {
    const box = note.current;
    const anchor = word.current?.getBoundingClientRect();
    if (!isOpen || !box || !anchor) return;
    box.showPopover();
    const left = Math.max(8, Math.min(anchor.left, innerWidth - box.offsetWidth - 8));
    const fitsBelow = anchor.bottom + 6 + box.offsetHeight <= innerHeight;
    box.style.left = `${left}px`;
    box.style.top = `${fitsBelow ? anchor.bottom + 6 : anchor.top - 6 - box.offsetHeight}px`;
  }, [isOpen]);

  const show = () => setIsOpen(true);
  const hide = () => setIsOpen(false);
  return (
    <>
      <button
        ref={word}
        type="button"
        className={styles.word}
        data-word
        {...(isOpen ? { 'aria-describedby': id } : {})}
        onPointerEnter={show}
        onPointerLeave={hide}
        onFocus={show}
        onBlur={hide}
        onClick={() => {
          show();
          onPress?.();
        }}
        onKeyDown={({ key }) => key === 'Escape' && hide()}
      >
        {children}
      </button>
      {isOpen && (
        <span ref={note} id={id} popover="manual" role="tooltip" className={styles.note}>
          {text}
        </span>
      )}
    </>
  );
}
