import type { Extent } from '../../network/graph';
import type { Outcome } from '../../network/failure';
import type { ReadOptions } from '../../../workers/protocol/parse';
import type { NetworkSummary } from '../../../workers/protocol/summaries';
import type { Studio } from '../../../workers/protocol/studio';
import type { JobRunner } from '../../project/jobRunner';
import { onlyJob } from '../../project/jobStatus';
import { networkReadingOf, type Settings } from '../../project/settings';
import { withSettings } from '../../project/transitions';
import type { StudioState } from '../store/state';
import type { StudioStore } from '../store/store';
import { withNetwork } from '../store/transitions';
import { listed, type Source } from './sources';
import { titleOf } from './titles';

/** Files, as they can be read again. */
export interface Files {
  readonly names: readonly string[];
  readonly source: Source;
}

/** Files that were read, and how. */
export interface Attempt extends Files {
  readonly reading: ReadOptions;
  readonly outcome: Outcome<NetworkSummary>;
}

export interface NetworkOpening {
  /**
   * Reads a network, which {@link take} opens.
   *
   * @param again gives the files later, where the source keeps them in memory
   */
  attempt(names: readonly string[], source: Source, again?: Source): Promise<Attempt>;
  /** Opens what was read; a failure stays where the job has noted it. */
  take(attempt: Attempt): void;
  /** Reads once more the network that was refused because its files leave the size of its images open. */
  openWithSize(inputSize: Extent): Promise<void>;
  /** Reads a network as a document says that it was read. */
  attemptAs(files: Files, settings: Settings): Promise<Attempt>;
  /** The files of the network that is open. */
  opened(): Files | null;
}

/**
 * Opens networks, and reads the files of the one that is open again where a person takes another of its outputs.
 *
 * @param whenReady settles once the threads have started
 * @param onTaken told of every network that was opened
 */
export function openNetworks(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  whenReady: Promise<unknown>,
  onTaken: () => void,
): NetworkOpening {
  let opened: (Files & { readonly reading: ReadOptions }) | null = null;
  let unsized: (Files & { readonly reading: ReadOptions }) | null = null;

  async function read({ names, source }: Files, reading: ReadOptions, again = source): Promise<Attempt> {
    const title = `Reading ${listed(names)}`;
    const outcome = await jobs.run<NetworkSummary>(onlyJob('network'), title, async (signal) => {
      await whenReady;
      const files = await source();
      return files.ok ? studio.openNetwork(signal, files.value, reading) : files;
    });
    const isUnsized = !outcome.ok && outcome.failure.code === 'needs-input-size';
    unsized = isUnsized ? { names, source: again, reading } : null;
    return { names, source: again, reading, outcome };
  }

  async function attempt(names: readonly string[], source: Source, again = source): Promise<Attempt> {
    const made = await read({ names, source }, readingOfLink(store.getState()), again);
    // A link may ask for what its network does not have: once said, it must not stand in the way of others.
    const isRefused = !made.outcome.ok && made.outcome.failure.code === 'invalid-request';
    if (isRefused) store.setState((state) => withSettings(state, { output: null, inputSize: null }));
    return made;
  }

  function take({ names, source, reading, outcome }: Attempt): void {
    if (!outcome.ok) return;
    opened = { names, source, reading };
    store.setState((state) => withNetwork(state, titleOf(names), outcome.value, reading));
    onTaken();
  }

  async function openWithSize(inputSize: Extent): Promise<void> {
    if (unsized) take(await read(unsized, { ...unsized.reading, inputSize }));
  }

  /** A person takes another output, or undoes that. */
  async function reopen(files: NonNullable<typeof opened>, output: string | null): Promise<void> {
    const { inputSize = null, output: before = null } = files.reading;
    const made = await read(files, networkReadingOf({ output, inputSize }));
    const { network, document } = store.getState();
    if (!made.outcome.ok) {
      if (document.settings.output === output)
        store.setState((state) => withSettings(state, { output: before }));
    } else if (network?.summary.fingerprint === made.outcome.value.fingerprint) {
      // It is the one that was taken before anybody said so.
      opened = { ...files, reading: made.reading };
    } else take(made);
  }

  store.subscribe((state, former) => {
    const { output } = state.document.settings;
    if (output === former.document.settings.output || state.network !== former.network) return;
    if (opened && output !== (opened.reading.output ?? null)) void reopen(opened, output);
  });

  const attemptAs = (files: Files, settings: Settings) => read(files, networkReadingOf(settings));
  return { attempt, take, openWithSize, attemptAs, opened: () => opened };
}

/** What a link asks for holds for the first network; a later one is read as its files say. */
function readingOfLink({ network, document }: StudioState): ReadOptions {
  return network ? {} : networkReadingOf(document.settings);
}
