import { useActions, useStudio } from '../../context/context';
import styles from '../../ui/IconButton.module.css';

/** Switches between light and dark; the choice is remembered. */
export function ThemeSwitch() {
  const theme = useStudio((state) => state.ui.theme);
  const { setTheme } = useActions();
  const isDark =
    theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  return (
    <button
      type="button"
      className={styles.icon}
      aria-label="Dark theme"
      aria-pressed={isDark}
      title={isDark ? 'Switch to the light theme' : 'Switch to the dark theme'}
      onClick={() => setTheme(isDark ? 'light' : 'dark')}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentcolor" strokeWidth="1.4" />
        <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentcolor" />
      </svg>
    </button>
  );
}
