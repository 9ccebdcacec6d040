import { useActions, useStudio } from '../../context/context';
import iconStyles from '../../ui/IconButton.module.css';

/** Undo and redo over everything that was asked for. */
export function HistoryButtons() {
  const canUndo = useStudio((state) => state.ui.canUndo);
  const canRedo = useStudio((state) => state.ui.canRedo);
  const { undo, redo } = useActions();
  return (
    <>
      <IconButton
        label="Undo"
        keys="Ctrl+Z"
        isDisabled={!canUndo}
        onClick={undo}
        path="M6 3 2.5 6.5 6 10M3 6.5h6a4 4 0 0 1 0 8H6"
      />
      <IconButton
        label="Redo"
        keys="Ctrl+Shift+Z"
        isDisabled={!canRedo}
        onClick={redo}
        path="m10 3 3.5 3.5L10 10M13 6.5H7a4 4 0 0 0 0 8h3"
      />
    </>
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly keys: string;
  readonly isDisabled: boolean;
  readonly path: string;
  readonly onClick: () => void;
}

function IconButton({ label, keys, isDisabled, path, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      className={iconStyles.icon}
      aria-label={label}
      title={`${label} (${keys})`}
      disabled={isDisabled}
      onClick={onClick}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentcolor" strokeWidth="1.5">
        <path d={path} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </button>
  );
}
