import { evaluateKind } from '../../../workers/protocol/evaluate';
import type { Studio } from '../../../workers/protocol/studio';
import { recipeOf } from '../model/recipes';
import { lookOf, offeredMethods } from '../model/methods';
import { formatTarget } from '../format/numbers';
import { scoreAnswers } from '../model/measurement';
import type { JobId } from '../store/jobs';
import {
  imageParts,
  inputPreprocessing,
  isPreparing,
  measurementContext,
  originalRanks,
  reportIndices,
  wantedMeasurements,
  type MeasurementTask,
} from '../store/selectors';
import type { StudioState } from '../store/state';
import type { StudioStore } from '../store/store';
import { withJob, withMeasurement } from '../store/transitions';
import type { JobRunner } from './jobRunner';

/** How long the slider must rest before plans are measured. */
const restMilliseconds = 400;
/** How long plans must stay the same while points that stream in change them: measuring halts their sweep. */
const streamingRestMilliseconds = 2500;

export interface Measuring {
  /** Measures some ranks again after they failed or were cancelled. */
  retry(id: JobId): void;
}

/**
 * Measures what is wanted, one plan after another, once the plans have rested. A run that is no longer wanted
 * stops at once: the newest target wins.
 */
export function keepMeasuring(store: StudioStore, studio: Studio, jobs: JobRunner): Measuring {
  let running: MeasurementTask | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function measureNext(): Promise<void> {
    const [task] = wantedMeasurements(store.getState());
    if (running || !task) return;
    running = task;
    await measure(store, studio, jobs, task);
    // What was stopped because plans changed is followed by nothing until they rest.
    if (running !== task) return;
    running = null;
    void measureNext();
  }

  function onChange(): void {
    const wanted = wantedMeasurements(store.getState());
    const stopped = running;
    if (stopped && !wanted.some((task) => task.key === stopped.key)) {
      running = null;
      jobs.cancel(`measure:${stopped.key}`, 'studio');
    }
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        notePlans(store);
        void measureNext();
      },
      arePlansStreaming(store.getState()) ? streamingRestMilliseconds : restMilliseconds,
    );
  }

  store.subscribe((state, former) => {
    if (whatMatters(state).some((part, index) => part !== whatMatters(former)[index])) onChange();
  });
  return {
    retry(id) {
      store.setState((state) => withJob(state, id, null));
      void measureNext();
    },
  };
}

function whatMatters(state: StudioState): readonly unknown[] {
  const { network, images, backend, requested, completed, jobs } = state;
  return [
    network?.summary,
    images,
    backend,
    requested.preprocessing,
    requested.method,
    isPreparing(jobs),
    arePlansStreaming(state),
    imageParts(state),
    ...offeredMethods().map(({ method }) => completed?.plans[method]?.key),
  ];
}

/** Whether the curves that the plans are made from are being measured at the moment. */
function arePlansStreaming({ jobs, network }: StudioState): boolean {
  return jobs.sweep?.state === 'running' && network !== null && network.shown.metric !== 'energy';
}

async function measure(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  task: MeasurementTask,
): Promise<void> {
  const state = store.getState();
  const { network, images } = state;
  const context = measurementContext(state);
  if (!network || !images || context === null) return;
  const indices = reportIndices(state);
  const selection = { images: images.fingerprint, indices, preprocessing: inputPreprocessing(state) };
  const request = { recipe: recipeOf(network.summary, task.ranks), selection };
  const outcome = await jobs.run(`measure:${task.key}`, titleOf(task, state), (signal, onProgress) =>
    studio.run(signal, evaluateKind, request, onProgress),
  );
  if (!outcome.ok) return;
  const labels = images.labels && indices.map((index) => images.labels![index] ?? -1);
  const { ranksKey: ranks, achieved, methods } = task;
  const measurement = { context, ranks, achieved, methods, ...scoreAnswers(outcome.value, labels) };
  store.setState((present) => withMeasurement(present, measurement));
}

function titleOf(task: MeasurementTask, state: StudioState): string {
  if (task.ranksKey === originalRanks) return 'Measuring the original network';
  const names = task.methods.map((method) => lookOf(method).name).join(' and ');
  return `Measuring ${names} at ${formatTarget(state.completed?.target ?? state.requested.target)}`;
}

/** Plans at rest whose ranks were measured before become points of their methods too. */
function notePlans(store: StudioStore): void {
  const state = store.getState();
  const context = measurementContext(state);
  const measured = Object.values(state.completed?.plans ?? {}).flatMap(({ plan, key }) => {
    const found = Object.values(state.measurements).find(
      (measurement) => measurement.context === context && measurement.ranks === key,
    );
    return found && !found.methods.includes(plan.method) ? [{ ...found, methods: [plan.method] }] : [];
  });
  for (const measurement of measured) store.setState((present) => withMeasurement(present, measurement));
}
