import { settingList, type Settings } from './settings';

const maxSteps = 100;

/** What undo and redo go over: every setting that can be undone. */
export type HistoryStep = Partial<Settings>;

/** Steps back and forth, as plain data. */
export interface History {
  readonly past: readonly HistoryStep[];
  readonly present: HistoryStep;
  readonly future: readonly HistoryStep[];
}

/** A history that begins with these settings. */
export function historyFrom(settings: Settings): History {
  return { past: [], present: stepOf(settings), future: [] };
}

/** Notes that settings have come to rest; nothing where no setting that can be undone has changed. */
export function noted(history: History, settings: Settings): History {
  const next = stepOf(settings);
  if (isSame(next, history.present)) return history;
  return { past: [...history.past, history.present].slice(-maxSteps), present: next, future: [] };
}

/** One step back; null where there is none. */
export function undone({ past, present, future }: History): History | null {
  const former = past.at(-1);
  return former ? { past: past.slice(0, -1), present: former, future: [present, ...future] } : null;
}

/** One step forth; null where there is none. */
export function redone({ past, present, future }: History): History | null {
  const [next, ...rest] = future;
  return next ? { past: [...past, present], present: next, future: rest } : null;
}

function stepOf(settings: Settings): HistoryStep {
  const undoable = settingList.filter(([, { isUndoable }]) => isUndoable);
  return Object.fromEntries(undoable.map(([name]) => [name, settings[name]]));
}

function isSame(a: HistoryStep, b: HistoryStep): boolean {
  return (Object.keys(a) as (keyof HistoryStep)[]).every((name) => Object.is(a[name], b[name]));
}
