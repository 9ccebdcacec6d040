import type { Requested } from '../store/state';
import type { StudioStore } from '../store/store';
import { withRequested } from '../store/transitions';

/** How long a change must rest before it is a step of its own: a whole drag is one step. */
const restMilliseconds = 400;
const maxSteps = 100;

/** What undo and redo go over. */
type Step = Pick<
  Requested,
  'target' | 'method' | 'overrides' | 'metric' | 'pair' | 'seed' | 'split' | 'searchesAll' | 'isRepairing'
>;

export interface History {
  undo(): void;
  redo(): void;
}

/** Remembers what was asked for, step by step, for the network that is open. */
export function keepHistory(store: StudioStore): History {
  let past: Step[] = [];
  let future: Step[] = [];
  let present = stepOf(store.getState().requested);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function note(): void {
    clearTimeout(timer);
    timer = undefined;
    const next = stepOf(store.getState().requested);
    if (isSame(next, present)) return;
    past = [...past, present].slice(-maxSteps);
    future = [];
    present = next;
    show();
  }

  function show(): void {
    const [canUndo, canRedo] = [past.length > 0, future.length > 0];
    const { ui } = store.getState();
    if (ui.canUndo !== canUndo || ui.canRedo !== canRedo) store.setState({ ui: { ...ui, canUndo, canRedo } });
  }

  function go(from: Step[], to: Step[]): void {
    const step = from.pop();
    if (!step) return;
    to.push(present);
    present = step;
    store.setState((state) => withRequested(state, step));
    show();
  }

  store.subscribe((state, former) => {
    if (state.network?.summary !== former.network?.summary) {
      // Layers of another network mean nothing here.
      past = [];
      future = [];
      present = stepOf(state.requested);
      show();
    } else if (state.requested !== former.requested) {
      clearTimeout(timer);
      timer = setTimeout(note, restMilliseconds);
    }
  });
  return {
    undo() {
      note();
      go(past, future);
    },
    redo() {
      note();
      go(future, past);
    },
  };
}

function stepOf(requested: Requested): Step {
  const { target, method, overrides, metric, pair, seed, split, searchesAll, isRepairing } = requested;
  return { target, method, overrides, metric, pair, seed, split, searchesAll, isRepairing };
}

function isSame(a: Step, b: Step): boolean {
  return (Object.keys(a) as (keyof Step)[]).every((key) => Object.is(a[key], b[key]));
}

/** Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y), except while a text is being typed. */
export function listenForUndo({ undo, redo }: History): void {
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
