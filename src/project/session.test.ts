import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import { PooledStudio } from '../../workers/pool/pooledStudio';
import { repairPartKind } from '../../workers/protocol/repair';
import { evaluateKind } from '../../workers/protocol/evaluate';
import { sweepTaskKind } from '../../workers/protocol/sweep';
import { InThreadCompute } from '../../workers/service/computeService';
import { inThreadParser } from '../../workers/service/parsing';
import { randomPictures } from '../../workers/testing/tinyStudio';
import { recipeKey, withoutSteps } from '../compression/recipe';
import { writeNetwork } from '../formats/models';
import { nodeWasmPaths } from '../engine/testing/nodeBackend';
import { unwrap } from '../network/failure';
import { smallResidualNetwork } from '../network/testing/builders';
import type { Document } from './document';
import { documentText, readDocument } from './documentText';
import { originalMeasurement, measurementOf, repairedMeasurement } from './measurements';
import { presentPoints } from './points';
import { winnerOfRace } from './raceState';
import { repairOf } from './repairs';
import { defaultSettings } from './settings';
import { initialProject, type ProjectState } from './state';
import { work } from './testing/working';
import { withImages, withNetwork, withSettings } from './transitions';
import { isToday } from '../../scripts/ofToday';

const never = new AbortController().signal;

/** A session over real threads' services, with the files that it is about. */
class Session {
  /** Kinds of the units that ran in the threads. */
  readonly units: string[] = [];
  private readonly studio = new PooledStudio({
    threads: 2,
    openThread: () => {
      const service = new InThreadCompute(nodeWasmPaths);
      const run: InThreadCompute['run'] = (job, kind, ...rest) => {
        this.units.push(kind);
        return service.run(job, kind, ...rest);
      };
      const counted = {
        start: service.start.bind(service),
        put: service.put.bind(service),
        release: service.release.bind(service),
        cancel: service.cancel.bind(service),
        run,
      };
      return { service: counted, ended: new Promise<void>(() => undefined), close: () => undefined };
    },
    openParser: () => inThreadParser(installedCodecs),
  });

  /** Opens the files and works until nothing is left to do. */
  async work(begin: (files: Pick<ProjectState, 'backend' | 'network' | 'images'>) => ProjectState) {
    const backend = unwrap(await this.studio.start('wasm'));
    const files = await writeNetwork(smallResidualNetwork(3), 'onnx');
    const summary = unwrap(await this.studio.openNetwork(never, files));
    const [height = 1, width = 1] = summary.input.shape;
    const images = unwrap(await this.studio.openImages(never, [randomPictures(100, height, width)]));
    const known = { curves: new Map(), spectra: new Map(), foreseen: new Set<string>() };
    const network = { title: 'tiny', summary, opened: summary, ...known };
    const { store, supervisor, begun } = work(begin({ backend, network, images }), this.studio);
    await supervisor.whenIdle();
    supervisor.close();
    return { state: store.getState(), begun };
  }

  close(): void {
    this.studio.close();
  }
}

type Worked = Awaited<ReturnType<Session['work']>>;

const sessions: Session[] = [];
async function workOn(begin: Parameters<Session['work']>[0]): Promise<Worked & { units: readonly string[] }> {
  const session = new Session();
  sessions.push(session);
  return { ...(await session.work(begin)), units: session.units };
}
afterAll(() => sessions.forEach((session) => session.close()));

const settings = { ...defaultSettings, candidates: 6, target: 0.6 };
/** What a person has after dropping a network and images on the page. */
const dropped: Parameters<Session['work']>[0] = ({ backend, network, images }) => {
  const asked = withSettings({ ...initialProject, backend }, settings);
  return withImages(withNetwork(asked, network!.title, network!.summary), images!);
};

let first: Awaited<ReturnType<typeof workOn>>;
beforeAll(async () => {
  first = await workOn(dropped);
});

describe('a network and images that were dropped', () => {
  it('leave nothing undone', () => {
    const { state } = first;
    expect(Object.values(state.jobs).flatMap((own) => Object.values(own))).toEqual([]);
    expect(originalMeasurement(state)).toMatchObject({ achieved: 1 });
    const plans = Object.entries(state.completed!.plans);
    expect(plans.map(([method]) => method).toSorted()).toEqual(['inf', 'map', 'model', 'uniform']);
    for (const [method, { recipe }] of plans) {
      expect(measurementOf(state, recipe), method).not.toBeNull();
    }
    expect(state.document.detection?.rows.length).toBeGreaterThan(0);
    expect(presentPoints(state).length).toBeGreaterThan(0);
  });
  it('leave a finished race whose winner is a plan', () => {
    const race = first.state.races.inf!;
    expect(race.isFinished).toBe(true);
    const keys = race.entries.map(({ planned }) => recipeKey(planned.recipe));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain(recipeKey(winnerOfRace(race)!.recipe));
    expect(first.state.completed!.plans.inf!.plan.method).toBe('inf');
  });
  it('leave the chosen method’s repair and what it reached', () => {
    const { state } = first;
    const { recipe } = state.completed!.plans.map!;
    expect(repairOf(state, recipe)).toMatchObject({ calibrationImages: 25 });
    const repaired = repairedMeasurement(state, recipe)!;
    const made = state.document.recipes[repaired.recipe]!;
    expect(made.steps.map(({ kind }) => kind)).toEqual(['repair']);
    expect(recipeKey(withoutSteps(made))).toBe(recipeKey(recipe));
  });
});

describe('the document that is left', () => {
  const reread = (): Document => readDocument(documentText(first.state.document), 'x');

  it('survives writing and reading', () => {
    expect(reread()).toEqual(first.state.document);
  });
  it.runIf(isToday(2, 3))(
    'brings everything back with the same files, but for what documents do not hold',
    async () => {
      const document = reread();
      const again = await workOn((files) => ({ ...initialProject, ...files, document }));
      expect(again.state.document).toEqual(first.state.document);
      // The race is looked up in the document and not run.
      // Times hold for the session that measured them, so they are measured again.
      const lasting = again.begun.filter((title) => !title.startsWith('Timing'));
      expect(lasting.map((title) => title.split(' ')[0])).toEqual(['Factorising', 'Racing']);
      for (const { name } of [sweepTaskKind, repairPartKind, evaluateKind]) {
        expect(first.units).toContain(name);
        expect(again.units).not.toContain(name);
      }
      expect(again.state.completed!.plans).toEqual(first.state.completed!.plans);
    },
  );
  it.runIf(isToday(0, 3))('is the same whenever the same is done', async () => {
    // By energy the plans do not change while points stream in, so the same is measured at any pace.
    const byEnergy: typeof dropped = (files) => withSettings(dropped(files), { metric: 'energy' });
    const [one, other] = [await workOn(byEnergy), await workOn(byEnergy)];
    expect(other.state.document).toEqual(one.state.document);
    expect(documentText(other.state.document)).toBe(documentText(one.state.document));
  });
});
