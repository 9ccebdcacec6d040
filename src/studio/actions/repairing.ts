import { evaluateKind } from '../../../workers/protocol/evaluate';
import { repairKind } from '../../../workers/protocol/repair';
import type { Studio } from '../../../workers/protocol/studio';
import { withStep } from '../../compression/recipe';
import { recipeOf, repairStepOf } from '../model/recipes';
import type { Method } from '../../enc/plan';
import { formatTarget } from '../format/numbers';
import { repairedKey, scoreAnswers } from '../model/measurement';
import { lookOf } from '../model/methods';
import type { RepairNote } from '../model/repair';
import { repairJobOf, repairPlanOf, wantedRepair, type RepairPlan } from '../store/repairSelectors';
import { imageParts, inputPreprocessing } from '../store/selectors';
import type { StudioStore } from '../store/store';
import { withJob, withMeasurement } from '../store/transitions';
import type { JobRunner } from './jobRunner';

/** How long everything must rest before a plan is repaired. */
const restMilliseconds = 700;

export interface Repairing {
  /** Repairs a method's plan unless it was; null where it is not to be repaired, 'stopped' where that ended early. */
  ensure(method: Method): Promise<RepairNote | 'stopped' | null>;
  /** Repairs after a cancellation or a failure. */
  retry(method: Method): void;
}

/** Repairs the chosen method's plan by itself once it rests, and measures what became of it. */
export function keepRepairing(store: StudioStore, studio: Studio, jobs: JobRunner): Repairing {
  let running: { readonly plan: RepairPlan; readonly work: Promise<RepairNote | 'stopped'> } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function start(plan: RepairPlan): Promise<RepairNote | 'stopped'> {
    if (running?.plan.key === plan.key) return running.work;
    stop();
    const work = repair(store, studio, jobs, plan);
    const own = { plan, work };
    running = own;
    void work.then(() => {
      if (running === own) running = null;
      check();
    });
    return work;
  }

  function stop(): void {
    if (!running) return;
    jobs.cancel(repairJobOf(running.plan), 'studio');
    running = null;
  }

  function check(): void {
    const state = store.getState();
    clearTimeout(timer);
    if (running && !isStillPlanned(running.plan)) stop();
    const wanted = wantedRepair(state);
    if (wanted && !running) {
      timer = setTimeout(() => {
        const plan = wantedRepair(store.getState());
        if (plan && !running) void start(plan);
      }, restMilliseconds);
    }
  }

  /** A repair goes on as long as its ranks are some method's, so that a download may wait for it. */
  function isStillPlanned({ key, method }: RepairPlan): boolean {
    const state = store.getState();
    if (state.requested.target !== state.completed?.target) return false;
    return repairPlanOf(state, method)?.key === key;
  }

  store.subscribe((state, former) => {
    if (running && state.requested.target !== former.requested.target) stop();
    if (wantedRepair(state)?.key !== wantedRepair(former)?.key) check();
    else if (running && !isStillPlanned(running.plan)) stop();
  });
  return {
    async ensure(method) {
      const plan = repairPlanOf(store.getState(), method);
      if (!plan) return null;
      return store.getState().repairs[plan.key] ?? start(plan);
    },
    retry(method) {
      const plan = repairPlanOf(store.getState(), method);
      if (!plan) return;
      store.setState((state) => withJob(state, repairJobOf(plan), null));
      void start(plan);
    },
  };
}

async function repair(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  plan: RepairPlan,
): Promise<RepairNote | 'stopped'> {
  const state = store.getState();
  const parts = imageParts(state);
  if (!state.network || !parts) return 'stopped';
  const preprocessing = inputPreprocessing(state);
  const { calibration, report } = parts;
  const step = repairStepOf(parts, preprocessing, state.requested.seed);
  const recipe = withStep(recipeOf(state.network.summary, plan.ranks), step);
  const title = `Repairing ${lookOf(plan.method).name} at ${formatTarget(state.requested.target)}`;
  const outcome = await jobs.run(repairJobOf(plan), title, async (signal, onProgress) => {
    const repaired = await studio.run(signal, repairKind, { recipe }, onProgress);
    if (!repaired.ok) return repaired;
    const selection = { images: report.images, indices: report.indices, preprocessing };
    const answers = await studio.run(signal, evaluateKind, { recipe, selection }, onProgress);
    return answers.ok ? { ok: true, value: { repaired: repaired.value, answers: answers.value } } : answers;
  });
  if (!outcome.ok) return 'stopped';
  const { repaired, answers } = outcome.value;
  const note: RepairNote = {
    recipe,
    isRepaired: repaired.isRepaired,
    divergence: repaired.divergence,
    calibrationImages: calibration.indices.length,
  };
  const measurement = {
    context: plan.context,
    ranks: repairedKey(plan.ranksKey),
    achieved: plan.achieved,
    methods: [plan.method],
    isRepaired: true,
    ...scoreAnswers(answers, report.labels),
  };
  store.setState((present) =>
    withMeasurement({ ...present, repairs: { ...present.repairs, [plan.key]: note } }, measurement),
  );
  return note;
}
