import { isOtherOutput } from '../../../project/transitions';
import { sessionOf } from '../../store/sessionOf';
import type { StudioState } from '../../store/state';
import type { StudioStore } from '../../store/store';
import type { RecordStore } from './recordStore';
import type { SessionSources } from './sessionSources';
import type { Tab } from './tab';

/** How long a session must rest before it is saved, and how long it may go unsaved while it does not rest. */
const restMilliseconds = 700;
const mostMilliseconds = 10_000;

export interface Autosave {
  /** Goes on with a session that was brought back, under its name. */
  goOn(id: string): void;
  /** While something is brought back, what is opened is no new session. */
  isHeld: boolean;
  /** Saves now. */
  save(): Promise<void>;
}

/** Saves the session a moment after anything of it changed, and when the page is hidden. */
export function keepSaved(
  store: StudioStore,
  records: RecordStore,
  sources: SessionSources,
  tab: Tab,
): Autosave {
  let isDirty = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dirtySince = 0;

  const setSession = (change: Partial<StudioState['session']>) =>
    store.setState(({ session }) => ({ session: { ...session, ...change } }));

  function begin(id: string): void {
    tab.take(id);
    setSession({ id: tab.id(), savedAt: null });
  }

  async function save(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const state = store.getState();
    const id = tab.id();
    if (!isDirty || own.isHeld || id === null || !state.network) return;
    isDirty = false;
    const now = Date.now();
    try {
      await records.save(sessionOf(state, id, sources.current(), now));
      tab.note();
      setSession({ savedAt: now, failure: withoutSaving(store.getState().session.failure) });
    } catch (error) {
      isDirty = true;
      setSession({ failure: { code: 'unreadable-file', message: notSaved(error) } });
    }
  }

  function schedule(): void {
    const now = performance.now();
    if (!isDirty || timer === undefined) dirtySince = now;
    isDirty = true;
    // What was never saved could not even be gone on with: it waits for no rest.
    const most = store.getState().session.savedAt === null ? 0 : mostMilliseconds;
    if (timer !== undefined && now - dirtySince >= most) return;
    clearTimeout(timer);
    timer = setTimeout(() => void save(), restMilliseconds);
  }

  const own: Autosave = {
    isHeld: false,
    goOn: (id) => begin(id),
    save: () => {
      isDirty = true;
      return save();
    },
  };

  store.subscribe((state, former) => {
    const [summary, before] = [state.network?.opened, former.network?.opened];
    if (summary && summary !== before && !own.isHeld && !isOtherOutput(before, summary)) begin(newId());
    if (whatIsKept(state).some((part, index) => part !== whatIsKept(former)[index])) schedule();
  });
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && void save());
  addEventListener('pagehide', () => {
    void save();
    if (tab.id() !== null) tab.note(store.getState().document.settings);
  });
  addEventListener('beforeunload', (event) => {
    const { session, jobs, waitingDownloads } = store.getState();
    const isWriting = Object.values(jobs.export ?? {}).some((job) => job.state === 'running');
    const isUnsaved = isDirty && session.failure !== null;
    if (isUnsaved || isWriting || Object.keys(waitingDownloads).length > 0) event.preventDefault();
  });
  return own;
}

/** What a record is made of. */
function whatIsKept({ document, curvesFrom, paused, results, ui, network, completed }: StudioState) {
  const { selectedLayer, layersView } = ui;
  return [document, curvesFrom, paused, results, selectedLayer, layersView, network?.summary, completed];
}

const unsaved = 'This session is not saved in the browser';

function notSaved(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `${unsaved}: expected room for it on the disk, found that it cannot be written (${reason}); save it to a file, or make room.`;
}

/** The note that is left once saving works again: one about files stays. */
function withoutSaving(failure: StudioState['session']['failure']): StudioState['session']['failure'] {
  return failure?.message.startsWith(unsaved) ? null : failure;
}

/** A name that no other session has. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
