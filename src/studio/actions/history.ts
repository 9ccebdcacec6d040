import { historyFrom, noted, redone, undone, type History } from '../../project/history';
import { isOtherOutput, withSettings } from '../../project/transitions';
import type { StudioStore } from '../store/store';

/** How long a change must rest before it is a step of its own: a whole drag is one step. */
const restMilliseconds = 400;

export interface Undo {
  undo(): void;
  redo(): void;
}

/** Remembers what was asked for, step by step, for the network that is open. */
export function keepHistory(store: StudioStore): Undo {
  let history = historyFrom(store.getState().document.settings);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function take(next: History): void {
    history = next;
    const [canUndo, canRedo] = [history.past.length > 0, history.future.length > 0];
    const { ui } = store.getState();
    if (ui.canUndo !== canUndo || ui.canRedo !== canRedo) store.setState({ ui: { ...ui, canUndo, canRedo } });
  }

  function note(): void {
    clearTimeout(timer);
    take(noted(history, store.getState().document.settings));
  }

  function go(step: (from: History) => History | null): void {
    note();
    const next = step(history);
    if (!next) return;
    // The settings follow the history: what they change to is no step of its own.
    history = next;
    store.setState((state) => withSettings(state, next.present));
    take(next);
  }

  store.subscribe((state, former) => {
    const [summary, before] = [state.network?.opened, former.network?.opened];
    const isOtherSession = state.session.id !== former.session.id;
    if (isOtherSession || (summary !== before && !(summary && isOtherOutput(before, summary)))) {
      // Layers of another network mean nothing here, and what a session begins with is no step of it.
      take(historyFrom(state.document.settings));
    } else if (state.document.settings !== former.document.settings) {
      clearTimeout(timer);
      timer = setTimeout(note, restMilliseconds);
    }
  });
  return { undo: () => go(undone), redo: () => go(redone) };
}

/** Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y), except while a text is being typed. */
export function listenForUndo({ undo, redo }: Undo): void {
  addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    const { target } = event;
    if (target instanceof HTMLInputElement && target.type !== 'range' && target.type !== 'radio') return;
    event.preventDefault();
    if (key === 'y' || event.shiftKey) redo();
    else undo();
  });
}
