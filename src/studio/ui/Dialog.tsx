import { useEffect, useRef, type ReactNode } from 'react';

interface DialogProps {
  readonly isOpen: boolean;
  /** Told once it is closed, by Escape too. */
  readonly onClose: () => void;
  /** Id of its heading. */
  readonly labelledBy: string;
  readonly className: string | undefined;
  /** There only while it is open. */
  readonly children: ReactNode;
}

/** A dialog over the page, open or closed as the state says. */
export function Dialog({ isOpen, onClose, labelledBy, className, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} className={className} aria-labelledby={labelledBy} onClose={onClose}>
      {isOpen && children}
    </dialog>
  );
}
