import { outcomeOf, unwrap, type Failure } from '../../../network/failure';
import type { JobRunner } from '../../../project/jobRunner';
import {
  roles,
  goesOn,
  withSettingsLeft,
  type Role,
  type SessionRecord,
  type Sources,
  type TabNote,
} from '../../store/sessionRecord';
import { sessionOf } from '../../store/sessionOf';
import type { StudioState } from '../../store/state';
import type { StudioStore } from '../../store/store';
import type { Studio } from '../../../../workers/protocol/studio';
import { pathOf } from '../droppedFiles';
import { handOver } from '../../browser/handOver';
import type { Reopening } from '../opening';
import type { Files } from '../openingNetworks';
import { known, namesOf, readFiles, type NamedFile } from '../sources';
import { readSession, sessionEnding, writeSession } from './archive';
import { keepSaved, newId } from './autosave';
import { createFileStore } from './fileStore';
import { keepsFilesAsSaid, sayKeepsFiles } from './leave';
import { createRecordStore } from './recordStore';
import { createRestoring, sessionJob } from './restoring';
import { createSessionSources } from './sessionSources';
import { createTab } from './tab';

/** What a person can do about sessions. */
export interface SessionActions {
  /** Goes on with the session that the tab was at; whether it was at one. */
  resumeSession(): Promise<boolean>;
  /** Goes on with a session of the list. */
  openSession(id: string): Promise<void>;
  deleteSession(id: string): Promise<void>;
  /** Looks which sessions there are, and what they take. */
  listSessions(): Promise<void>;
  /** Hands the session to the browser as one file, with everything that it is about. */
  saveSession(): Promise<void>;
  /** Whether files are a session's, which is opened then. */
  openSessionFile(files: readonly File[]): Promise<boolean>;
  /** Gives files that the session asks for; those of another content are refused in a sentence. */
  supplyFiles(role: Role, files: readonly File[]): Promise<void>;
  /** Gives files of any kind; those are answered that the session does not ask for and goes on without. */
  offerFiles(files: readonly File[]): Promise<readonly File[]>;
  /** Asks for no files any more. */
  forgetAsked(): void;
  /** Says whether the browser may keep a person's files. */
  keepFiles(keeps: boolean): Promise<void>;
  /** Takes the note about the session away. */
  dismissSessionNote(): void;
}

/** Keeps the session, and brings it back. */
export function createSessions(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  opening: Reopening,
): SessionActions {
  const records = createRecordStore();
  const files = createFileStore();
  const tab = createTab();
  const sources = createSessionSources(store, opening, files);
  const autosave = keepSaved(store, records, sources, tab);
  const setSession = (change: Partial<StudioState['session']>) =>
    store.setState(({ session }) => ({ session: { ...session, ...change } }));
  const fail = (message: string) => setSession({ failure: failureOf(message) });
  setSession({ keepsFiles: keepsFilesAsSaid(), canKeepFiles: files.isAble });

  let id = '';
  const restoring = createRestoring(store, jobs, opening, sources, () => {
    autosave.goOn(id);
    void autosave.save();
  });

  async function begin(record: SessionRecord, given: ReadonlyMap<Role, Files> = new Map()): Promise<void> {
    autosave.isHeld = true;
    // Another tab may be at it: this one goes on with a copy.
    id = (await tab.isFree(record.id)) ? record.id : newId();
    await restoring.begin(record, given);
    autosave.isHeld = store.getState().session.asked !== null;
  }

  /** Something else is open: nothing is asked for any more. */
  function forgetAsked(): void {
    autosave.isHeld = false;
    restoring.forget();
  }

  async function loaded(own: string, note?: TabNote): Promise<SessionRecord | null> {
    try {
      const record = await records.load(own);
      return record && note ? withSettingsLeft(record, note) : record;
    } catch (error) {
      fail(`The session could not be read from the browser's disk: ${reasonOf(error)}`);
      return null;
    }
  }

  async function resumeSession(): Promise<boolean> {
    const note = tab.noted();
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (!goesOn(note, entry?.type ?? 'navigate', location.href)) return false;
    const found = await jobs.run<SessionRecord | null>(sessionJob, 'Bringing back the session', async () => ({
      ok: true,
      value: await loaded(note.id, note),
    }));
    if (!found.ok || !found.value) return false;
    await begin(found.value);
    return true;
  }

  async function openSession(own: string): Promise<void> {
    await autosave.save();
    const record = await loaded(own);
    if (record) await begin(record);
  }

  async function tidied(): Promise<void> {
    try {
      const list = await records.list();
      const kept = list.flatMap((glance) => digestsOf(glance.sources));
      const own = files.isAble ? await files.tidy([...digestsOf(sources.current()), ...kept]) : 0;
      const { usage } = await navigator.storage.estimate();
      setSession({ list, used: { files: own, all: usage ?? null } });
    } catch (error) {
      setSession({ list: [] });
      fail(`The browser's disk could not be looked at: ${reasonOf(error)}`);
    }
  }

  async function keepOpenFiles(): Promise<void> {
    if (store.getState().session.keepsFiles !== true || !files.isAble) return;
    try {
      await sources.keepAll();
      await autosave.save();
    } catch (error) {
      fail(
        `The files are not kept in the browser: expected room for them, found that they cannot be written (${reasonOf(error)}); after a reload they are asked for by name.`,
      );
    }
  }

  store.subscribe((state, former) => {
    const [now, before] = [state, former].map(({ document, session }) => [
      ...roles.map((role) => document[role]?.fingerprint),
      session.id,
    ]);
    if (now!.some((part, index) => part !== before![index])) void keepOpenFiles();
    if (state.network && state.session.asked) forgetAsked();
  });

  async function saveSession(): Promise<void> {
    const title = 'Writing the session';
    const outcome = await jobs.run(sessionJob, title, () =>
      outcomeOf(async () => {
        const open = opening.openFiles();
        const given: Partial<Record<Role, readonly NamedFile[]>> = {};
        for (const role of roles) {
          const source = open[role]?.source;
          if (source) given[role] = unwrap(await source());
        }
        const record = sessionOf(store.getState(), '', {}, Date.now());
        return writeSession({ record, files: given });
      }),
    );
    if (!outcome.ok) return;
    const name = store.getState().network?.title ?? 'session';
    handOver(new Blob([outcome.value.slice()], { type: 'application/zip' }), `${name}${sessionEnding}`);
  }

  async function openSessionFile(given: readonly File[]): Promise<boolean> {
    const [file, ...more] = given;
    if (!file?.name.endsWith(sessionEnding) || more.length > 0) return false;
    const outcome = await jobs.run(sessionJob, `Opening ${file.name}`, () =>
      outcomeOf(async () => readSession(unwrap(await readFiles([file]))[0]!)),
    );
    if (!outcome.ok) return true;
    const { record, files: own } = outcome.value;
    const entries = roles.flatMap((role) => {
      const found = own[role];
      return found ? [[role, { names: namesOf(found), source: () => known(found) }] as const] : [];
    });
    await begin({ ...record, id: newId(), sources: {}, paused: {}, results: {} }, new Map(entries));
    return true;
  }

  const asFiles = (given: readonly File[]): Files => ({
    names: given.map(pathOf),
    source: () => readFiles(given),
  });

  async function offerFiles(given: readonly File[]): Promise<readonly File[]> {
    if (!store.getState().session.asked) return given;
    const read = await readFiles(given);
    const sorted = read.ok ? await studio.sortFiles(new AbortController().signal, read.value) : read;
    if (!sorted.ok) return given;
    const { network, images } = sorted.value;
    const offered: [Role, readonly NamedFile[]][] = [
      ['network', network],
      ['images', images],
      ['tuning', images],
    ];
    const taken = new Set<Role>();
    for (const [role, own] of offered) {
      if (own.length === 0 || (taken.size > 0 && role === 'tuning')) continue;
      const isSame = await restoring.offer(role, { names: namesOf(own), source: () => known(own) });
      if (isSame) taken.add(role);
    }
    if (taken.size === 0) return given;
    const isOver = store.getState().session.asked === null;
    const areLeft = images.length > 0 && !taken.has('images') && !taken.has('tuning');
    return isOver && areLeft ? filesOf(given, images) : [];
  }

  return {
    resumeSession,
    openSession,
    async deleteSession(own) {
      await records
        .remove(own)
        .catch((error: unknown) => fail(`The session could not be deleted: ${reasonOf(error)}`));
      await tidied();
    },
    listSessions: tidied,
    saveSession,
    openSessionFile,
    supplyFiles: async (role, given) => {
      if (given.length > 0) await restoring.supply(role, asFiles(given));
      autosave.isHeld = store.getState().session.asked !== null;
    },
    offerFiles: async (given) => {
      const left = await offerFiles(given);
      autosave.isHeld = store.getState().session.asked !== null;
      return left;
    },
    forgetAsked,
    keepFiles: async (keeps) => {
      sayKeepsFiles(keeps);
      setSession({ keepsFiles: keeps });
      await keepOpenFiles();
    },
    dismissSessionNote: () => setSession({ failure: null }),
  };
}

function digestsOf(sources: Sources): readonly string[] {
  return Object.values(sources).flatMap((own) => (own.kind === 'files' && own.kept ? [own.kept.digest] : []));
}

/** Those of some files that hold others; all where they are inside an archive. */
function filesOf(given: readonly File[], wanted: readonly NamedFile[]): readonly File[] {
  const names = new Set(namesOf(wanted));
  const own = given.filter((file) => names.has(pathOf(file)));
  return own.length > 0 ? own : given;
}

function failureOf(message: string): Failure {
  return { code: 'unreadable-file', message };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
