import type { CorrectStore } from '../../../workers/client/marksStore';
import { evaluateKind } from '../../../workers/protocol/evaluate';
import { raceKind, type RaceStanding } from '../../../workers/protocol/race';
import type { Studio } from '../../../workers/protocol/studio';
import { originalRecipe } from '../../compression/recipe';
import { topClass } from '../../answers/topClasses';
import { contentDigest } from '../../network/contentDigest';
import { formatTarget } from '../format/numbers';
import type { ImagePart } from '../model/parts';
import { candidatesOf } from '../model/race';
import { wantedRace, type RaceTask } from '../store/raceSelectors';
import { imageParts, inputPreprocessing } from '../store/selectors';
import type { StudioState } from '../store/state';
import type { StudioStore } from '../store/store';
import { withJob } from '../store/transitions';
import type { JobRunner } from './jobRunner';

/** How long the slider must rest before plans are raced. */
const restMilliseconds = 500;
/** Images of the first batch; every later one doubles what has been run. */
const firstBatch = 32;

export interface Racing {
  /** Races again after a cancellation or a failure. */
  retry(): void;
}

/** Right answers of everything that was raced on some images. */
interface Memory {
  readonly name: string;
  /** The right class of each selection image. */
  readonly answers: Int32Array;
  readonly correctByImage: Map<string, Uint8Array>;
}

/** Runs ENC-Inf by itself when the slider rests, and stops it the moment it moves. */
export function keepRacing(store: StudioStore, studio: Studio, jobs: JobRunner, saved: CorrectStore): Racing {
  let running: RaceTask | null = null;
  let memory: Memory | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function startNext(): Promise<void> {
    const task = wantedRace(store.getState());
    if (running || !task) return;
    running = task;
    await run(task);
    if (running === task) running = null;
    check();
  }

  async function run(task: RaceTask): Promise<void> {
    const state = store.getState();
    const parts = imageParts(state);
    const { network } = state;
    if (!network || !parts) return;
    const entries = task.entries();
    const images = parts.selection.indices.length;
    const race = { key: task.key, target: task.target, entries, standings: [], images, isFinished: false };
    store.setState({ race });
    const title = `Racing ${entries.length} plans at ${formatTarget(task.target)}`;
    const outcome = await jobs.run('race', title, async (signal, onProgress) => {
      const remembered = await recall(state, parts.selection, signal);
      if (!remembered.ok) return remembered;
      const { answers, correctByImage } = remembered.value;
      const request = {
        network: network.summary.fingerprint,
        candidates: candidatesOf(network.summary, entries),
        images: parts.selection.images,
        indices: parts.selection.indices,
        preprocessing: inputPreprocessing(state),
        answers,
        firstBatch,
        known: correctByImage,
      };
      const show = (standings: readonly RaceStanding[]) => {
        if (signal.aborted) return;
        for (const { key, correctByImage: own } of standings) {
          if (own.length > (correctByImage.get(key)?.length ?? 0)) correctByImage.set(key, own);
        }
        store.setState({ race: { ...race, standings } });
      };
      return studio.run(signal, raceKind, request, onProgress, show);
    });
    if (memory) await saved.save(memory.name, memory.correctByImage);
    if (outcome.ok) store.setState({ race: { ...race, standings: outcome.value, isFinished: true } });
  }

  /** What is known of these images: of the last race, of the disk, or the original network's answers. */
  async function recall(state: StudioState, part: ImagePart, signal: AbortSignal) {
    const name = nameOf(state, part);
    if (memory?.name === name) return { ok: true, value: memory } as const;
    const correctByImage = await saved.load(name);
    let answers = part.labels;
    if (!answers) {
      const { images, indices } = part;
      const selection = { images, indices, preprocessing: inputPreprocessing(state) };
      const network = state.network!.summary.fingerprint;
      const task = { recipe: originalRecipe(network), selection };
      const original = await studio.run(signal, evaluateKind, task, () => undefined);
      if (!original.ok) return original;
      answers = topClass(original.value);
    }
    memory = { name, answers, correctByImage };
    return { ok: true, value: memory } as const;
  }

  function check(): void {
    const wanted = wantedRace(store.getState());
    if (running && wanted?.key !== running.key) {
      running = null;
      jobs.cancel('race', 'studio');
    }
    clearTimeout(timer);
    if (wanted && !running) timer = setTimeout(() => void startNext(), restMilliseconds);
  }

  store.subscribe((state, former) => {
    if (state.requested.target !== former.requested.target && running) {
      // At once, not after the plans of the new target are there.
      running = null;
      jobs.cancel('race', 'studio');
    }
    if (state !== former && wantedRace(state)?.key !== wantedRace(former)?.key) check();
  });
  return {
    retry() {
      store.setState((state) => withJob(state, 'race', null));
      check();
    },
  };
}

function nameOf(state: StudioState, { images, indices }: ImagePart): string {
  const { network } = state;
  return JSON.stringify([
    network?.summary.fingerprint,
    images,
    contentDigest(indices),
    inputPreprocessing(state),
  ]);
}
