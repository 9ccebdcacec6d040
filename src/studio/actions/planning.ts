import { factoriseKind, type LayerSpectrum } from '../../../workers/protocol/factorise';
import type { Studio } from '../../../workers/protocol/studio';
import { energyCurve, type Curve } from '../../enc/curve';
import { plansAt, type Plans } from '../model/planning/planner';
import { winnerOfRace } from '../model/race';
import type { NetworkState, StudioState } from '../store/state';
import type { StudioStore } from '../store/store';
import { withCurves, withPlans } from '../store/transitions';
import { nextFrame } from './frames';
import type { JobRunner } from './jobRunner';

/** Keeps the plans at the newest target: one computation per frame, nothing queued behind it. */
export function keepPlanning(store: StudioStore): void {
  const plan = nextFrame<null>(() => {
    const { network, requested } = store.getState();
    if (!network) return;
    const plans = plansAt(network.planner, requested.target);
    store.setState((state) => withPlans(state, requested.target, { ...plans, ...racedPlan(state) }));
  });
  store.subscribe((state, former) => {
    const isNew =
      state.requested.target !== former.requested.target ||
      state.network?.planner !== former.network?.planner ||
      state.race?.isFinished !== former.race?.isFinished;
    if (isNew) plan(null);
  });
}

/** The raced method's plan, where the race for this target is over. */
function racedPlan({ race, requested }: StudioState): Plans {
  const winner = race?.target === requested.target ? winnerOfRace(race) : null;
  return winner ? { [winner.plan.method]: winner } : {};
}

/** Factorises every layer that can be cut, kept ones too, so that including one later costs nothing. */
export async function factorise(store: StudioStore, studio: Studio, jobs: JobRunner): Promise<void> {
  const { network } = store.getState();
  if (!network) return;
  const { fingerprint, layers } = network.summary;
  const cuttable = layers.filter((layer) => layer.kept === null && layer.rankMax >= 1);
  const rankMax = new Map(cuttable.map((layer) => [layer.name, layer.rankMax]));
  const wanted = cuttable.map(({ name, factorisation }) => ({ layer: name, factorisation }));
  const collector = collectCurves(store, fingerprint, rankMax);
  await jobs.run('curves', `Factorising ${network.title}`, (signal, onProgress) =>
    studio.run(signal, factoriseKind, { network: fingerprint, layers: wanted }, onProgress, collector),
  );
}

/** Turns spectra into curves and hands them to the store together, at most once per frame. */
function collectCurves(
  store: StudioStore,
  fingerprint: string,
  rankMax: ReadonlyMap<string, number>,
): (spectrum: LayerSpectrum) => void {
  let fresh: Curve[] = [];
  const show = nextFrame<null>(() => {
    const arrived = fresh;
    fresh = [];
    const holds = (network: NetworkState | null) => network?.summary.fingerprint === fingerprint;
    store.setState((state) => (holds(state.network) ? withCurves(state, arrived) : state));
  });
  return ({ layer, singularValues }) => {
    fresh.push(energyCurve(layer, singularValues, rankMax.get(layer) ?? 1));
    show(null);
  };
}
