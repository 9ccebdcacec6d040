import type { Theme } from '../store/state';

const storageKey = 'enc-studio.theme';

/** The theme that was chosen on an earlier visit. */
export function rememberedTheme(): Theme {
  try {
    const theme = localStorage.getItem(storageKey);
    return theme === 'light' || theme === 'dark' ? theme : 'system';
  } catch {
    return 'system';
  }
}

/** Shows a theme and remembers it; storage that is switched off only forgets it. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    if (theme === 'system') localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, theme);
  } catch {
    return;
  }
}
