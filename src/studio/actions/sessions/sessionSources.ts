import { unwrap } from '../../../network/failure';
import { firstSample } from '../../model/samples/choice';
import {
  loadCalibrationFiles,
  loadManifest,
  loadNetworkFile,
  loadValidationFiles,
} from '../../model/samples/files';
import { roles, type KeptFiles, type Role, type SourceRecord, type Sources } from '../../store/sessionRecord';
import { shownSample } from '../../store/samplesState';
import type { StudioState } from '../../store/state';
import type { StudioStore } from '../../store/store';
import type { Reopening } from '../opening';
import type { Files } from '../openingNetworks';
import { known, readFiles, type Source } from '../sources';
import type { FileStore } from './fileStore';

/** Where the files of a session come from, and the way back to them. */
export interface SessionSources {
  /** Of what is open. */
  current(): Sources;
  /** Keeps the bytes of what is open, as far as they are a person's own and not kept yet. Rejects where that fails. */
  keepAll(): Promise<void>;
  /** The files of a record; null where they are to be asked for. */
  filesOf(role: Role, record: SourceRecord): Promise<Files | null>;
}

export function createSessionSources(
  store: StudioStore,
  opening: Reopening,
  files: FileStore,
): SessionSources {
  /** By the source that gave the bytes. */
  const kept = new WeakMap<Source, KeptFiles>();

  function recordOf(role: Role, { names, source }: Files): SourceRecord {
    const name = sampleOf(store.getState(), role);
    return name === null
      ? { kind: 'files', names, kept: kept.get(source) ?? null }
      : { kind: 'sample', name };
  }

  function current(): Sources {
    const open = opening.openFiles();
    const own = roles.flatMap((role) => {
      const found = open[role];
      return found ? [[role, recordOf(role, found)] as const] : [];
    });
    return Object.fromEntries(own);
  }

  async function keepAll(): Promise<void> {
    for (const [role, record] of Object.entries(current()) as [Role, SourceRecord][]) {
      if (record.kind === 'sample' || record.kept) continue;
      const source = opening.openFiles()[role]?.source;
      if (source) kept.set(source, await files.keep(unwrap(await source())));
    }
  }

  async function filesOf(role: Role, record: SourceRecord): Promise<Files | null> {
    if (record.kind === 'sample') return sampleFiles(role, record.name);
    if (!record.kept) return null;
    const bytes = await files.load(record.kept, record.names);
    if (!bytes) return null;
    const { kept: own, names } = record;
    // Read from the browser's disk each time, so that they do not stay in memory.
    const source: Source = async () => known((await files.load(own, names)) ?? bytes);
    kept.set(source, own);
    return { names, source };
  }

  return { current, keepAll, filesOf };
}

/** The sample that a role's files belong to; null where they are a person's own. */
function sampleOf(state: StudioState, role: Role): string | null {
  const { samples, images, tuning } = state;
  if (role === 'network') return shownSample(state);
  const open = role === 'images' ? images : tuning;
  if (!open || open.fingerprint !== samples[role]) return null;
  return shownSample(state) ?? firstSample;
}

async function sampleFiles(role: Role, name: string): Promise<Files> {
  const manifest = await loadManifest();
  const files =
    role === 'network'
      ? [await loadNetworkFile(manifest, name)]
      : await (role === 'images' ? loadValidationFiles(manifest) : loadCalibrationFiles(name));
  return { names: files.map((file) => file.name), source: () => readFiles(files) };
}
