import { outcomeOf, type Failure } from '../../../network/failure';
import type { Document } from '../../../project/document';
import type { JobRunner } from '../../../project/jobRunner';
import { onlyJob } from '../../../project/jobStatus';
import { setFingerprint } from '../../../project/labelling';
import type { Settings } from '../../../project/settings';
import { withSettings } from '../../../project/transitions';
import { roles, type Role, type SessionRecord } from '../../store/sessionRecord';
import type { StudioState } from '../../store/state';
import type { StudioStore } from '../../store/store';
import type { ReadFiles, Reopening } from '../opening';
import type { Files } from '../openingNetworks';
import { listed } from '../sources';
import { sessionDocument } from './archive';
import type { SessionSources } from './sessionSources';

/** The job that brings a session back. */
export const sessionJob = onlyJob('session');

/** Brings sessions back. */
export interface Restoring {
  /**
   * Goes on with a session; files that are not to be had are asked for.
   *
   * @param given files that came with the session
   */
  begin(record: SessionRecord, given?: ReadonlyMap<Role, Files>): Promise<void>;
  /** Takes files for a role of the session that asks for them. Files of another content are refused in a sentence. */
  supply(role: Role, files: Files): Promise<void>;
  /** Takes files where they are those that the session asks for; whether they are. */
  offer(role: Role, files: Files): Promise<boolean>;
  /** Asks for nothing any more. */
  forget(): void;
}

interface Going {
  readonly record: SessionRecord;
  readonly document: Document;
  /** The settings as they were brought back: what differs from them since is what a person changed meanwhile. */
  readonly broughtBack: Settings;
  readonly read: Partial<Record<Role, ReadFiles>>;
  /** Files that are there and were not read yet: pictures wait for the network that they are fitted to. */
  readonly waiting: Map<Role, Files>;
}

/** @param onGone told once a session is open again, before anything else happens */
export function createRestoring(
  store: StudioStore,
  jobs: JobRunner,
  opening: Reopening,
  sources: SessionSources,
  onGone: (record: SessionRecord) => void,
): Restoring {
  let going: Going | null = null;

  const show = (failures: Readonly<Partial<Record<Role, Failure>>> = {}) =>
    store.setState(({ session }) => ({
      session: {
        ...session,
        asked: going && { record: going.record, found: Object.keys(going.read) as Role[], failures },
      },
    }));

  function forget(): void {
    going = null;
    show();
  }

  const needed = ({ document }: Going) => roles.filter((role) => document[role] !== null);

  /** Reads a role's files; null where they are the session's, else why they are not. */
  async function take(own: Going, role: Role, files: Files): Promise<Failure | null> {
    const network = own.document.network?.fingerprint ?? null;
    const read = await opening.read(role, files, own.document, network);
    const { outcome } = read.role === 'network' ? read.attempt : read;
    if (!outcome.ok) return outcome.failure;
    const found =
      read.role === 'network'
        ? outcome.value.fingerprint
        : setFingerprint(outcome.value as Parameters<typeof setFingerprint>[0]);
    const expected = own.document[role]!;
    if (found !== expected.fingerprint) return otherContent(files, expected.name);
    own.read[role] = read;
    return null;
  }

  function goOn({ record, document, broughtBack, read }: Going): void {
    const { curvesFrom, paused, results, selectedLayer, layersView, sources: from } = record;
    going = null;
    const settings = changedSince(broughtBack, store.getState().document.settings, document.settings);
    opening.goOn(read, { ...document, settings });
    store.setState((state) => ({
      ...{ curvesFrom, paused, results: { ...results, ...state.results } },
      ui: {
        ...state.ui,
        selectedLayer: selectedLayer ?? state.ui.selectedLayer,
        selectedLayers: [],
        layersView: layersView ?? state.ui.layersView,
      },
      samples: withSamples(state, from),
      session: { ...state.session, asked: null },
    }));
    onGone(record);
  }

  /** Reads what waits, and goes on once everything is there. */
  async function takeAll(own: Going) {
    const failures: Partial<Record<Role, Failure>> = {};
    for (const role of needed(own)) {
      const given = own.waiting.get(role);
      if (!given || (role !== 'network' && !own.read.network)) continue;
      own.waiting.delete(role);
      const failure = await take(own, role, given);
      if (failure) failures[role] = failure;
    }
    if (going !== own) return;
    if (needed(own).every((role) => own.read[role])) goOn(own);
    else show(failures);
  }

  async function begin(record: SessionRecord, given: ReadonlyMap<Role, Files> = new Map()): Promise<void> {
    const title = `Bringing back ${record.title}`;
    await jobs.run<null>(sessionJob, title, () =>
      outcomeOf(async () => {
        const document = sessionDocument(record);
        // What decides how files are read comes first, so that nothing is read twice.
        store.setState((state) => withSettings(state, document.settings));
        const broughtBack = store.getState().document.settings;
        const own: Going = { record, document, broughtBack, read: {}, waiting: new Map(given) };
        going = own;
        for (const role of needed(own)) {
          const source = record.sources[role];
          const files = own.waiting.get(role) ?? (source ? await sources.filesOf(role, source) : null);
          if (files) own.waiting.set(role, files);
        }
        await takeAll(own);
        return null;
      }),
    );
  }

  async function supply(role: Role, files: Files): Promise<void> {
    if (!going) return;
    going.waiting.set(role, files);
    await takeAll(going);
  }

  async function offer(role: Role, files: Files): Promise<boolean> {
    const own = going;
    if (!own?.document[role] || own.read[role]) return false;
    if ((await take(own, role, files)) !== null || going !== own) return false;
    await takeAll(own);
    return true;
  }

  return { begin, supply, offer, forget };
}

/** The settings of a session with what differs between two states of them. */
function changedSince(before: Settings, now: Settings, session: Settings): Settings {
  const names = Object.keys(now) as (keyof Settings)[];
  const changed = names.filter((name) => now[name] !== before[name]).map((name) => [name, now[name]]);
  return { ...session, ...(Object.fromEntries(changed) as Partial<Settings>) };
}

function otherContent({ names }: Files, expected: string): Failure {
  const message = `${listed(names)}: expected the content that ${expected} had in this session, found another; open the former file, or begin anew.`;
  return { code: 'unreadable-file', message };
}

/** What is known of the samples, where the session's files are theirs. */
function withSamples(state: StudioState, from: SessionRecord['sources']): StudioState['samples'] {
  const { samples, network, images, tuning } = state;
  const { network: own } = from;
  const opened =
    own?.kind === 'sample' && network
      ? { ...samples.opened, [network.summary.fingerprint]: own.name }
      : samples.opened;
  return {
    ...samples,
    opened,
    images: from.images?.kind === 'sample' ? (images?.fingerprint ?? null) : samples.images,
    tuning: from.tuning?.kind === 'sample' ? (tuning?.fingerprint ?? null) : samples.tuning,
  };
}
