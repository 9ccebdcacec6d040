import { useEffect, useRef } from 'react';
import { useActions, useStudio } from '../../context/context';
import { History } from './History';
import styles from './HistoryDialog.module.css';

/** Everything that was measured in the session: a figure, a table, and the way back to each plan. */
export function HistoryDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = useStudio((state) => state.ui.isLookingAtHistory);
  const { lookAtHistory } = useActions();
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby="history-title"
      onClose={() => lookAtHistory(false)}
    >
      {isOpen && <History />}
    </dialog>
  );
}
