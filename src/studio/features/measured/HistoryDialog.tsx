import { useActions, useStudio } from '../../context/context';
import { Dialog } from '../../ui/Dialog';
import { History } from './History';
import styles from './HistoryDialog.module.css';

/** Everything that was measured in the session: a figure, a table, and the way back to each plan. */
export function HistoryDialog() {
  const isOpen = useStudio((state) => state.ui.isLookingAtHistory);
  const { lookAtHistory } = useActions();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => lookAtHistory(false)}
      labelledBy="history-title"
      className={styles.dialog}
    >
      <History />
    </Dialog>
  );
}
