import styles from './Switch.module.css';

interface SwitchProps {
  readonly label: string;
  readonly title?: string;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly tabIndex?: number;
  readonly onChange: (isOn: boolean) => void;
}

/** An on-off switch. */
export function Switch({ label, title, isOn, isDisabled = false, tabIndex = 0, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      title={title}
      disabled={isDisabled}
      tabIndex={tabIndex}
      className={styles.switch}
      onClick={(event) => {
        event.stopPropagation();
        onChange(!isOn);
      }}
    >
      <span />
    </button>
  );
}
