import { topClass } from '../../src/answers/topClasses';
import type { SelectionMethod } from '../../src/compression/methods/method';
import { partition } from '../../src/enc/sweep/partition';
import { fail, unwrap } from '../../src/network/failure';
import { imageParts, selectionOf } from '../../src/project/images';
import { withPresentPlans } from '../../src/project/presentPlans';
import { firstBatch, raceTaskOf } from '../../src/project/race';
import { evaluateKind } from '../../workers/protocol/evaluate';
import { takeCurves } from '../curvesFile';
import { askFor, type CurveOptions, type RequestOptions } from '../planning';
import { openRaceImages, type RaceOptions } from '../racing';
import { factoriseShared } from '../sharing/factors';
import type { SharedOptions } from '../sharing/options';
import {
  achievedOf,
  answersUnit,
  racedImages,
  raceStatement,
  raceUnits,
  type RaceStatement,
} from '../sharing/raceStatement';
import type { ResultsFolder } from '../sharing/resultsFolder';
import { doShard, type DoneUnits } from '../sharing/doShard';
import type { ShardIndex } from '../sharing/shard';
import type { ImageOptions, Workspace } from '../workspace';

export interface SharedRaceOptions
  extends SharedOptions, RequestOptions, CurveOptions, Omit<ImageOptions, 'data'> {
  readonly target: number;
  readonly method: SelectionMethod;
  readonly race: RaceOptions;
}

/** Runs a part of a race's plans and images, one file a unit of work, and skips what is done. */
export async function race(model: readonly string[], options: SharedRaceOptions): Promise<void> {
  await doShard(model, options, async (workspace, folder, counts) => {
    const statement = await shareRace(workspace, folder, options);
    await folder.begin(raceStatement, statement);
    await runShard(workspace, folder, { statement, shard: options.shard }, counts);
  });
}

async function shareRace(
  workspace: Workspace,
  folder: ResultsFolder,
  options: SharedRaceOptions,
): Promise<RaceStatement> {
  const { method, target, command } = options;
  if (!method.needs.images)
    fail(
      'invalid-request',
      `--method ${method.id}: expected a method that races plans on images, found one that does not; choose inf, for instance.`,
    );
  askFor(workspace, options, { method: method.id, target });
  const cut = workspace.planner.problem.layers.map(({ name }) => workspace.layer(name));
  await factoriseShared(workspace, folder, cut);
  await takeCurves(workspace, options);
  await openRaceImages(workspace, method, options.race, options);
  workspace.update(withPresentPlans);
  const { network, state } = workspace;
  const { selection } = imageParts(state)!;
  const racers = raceTaskOf(state, method.id)!
    .entries()
    .map(({ planned: { plan, recipe }, isSeeded }) => {
      return { recipe, isSeeded, method: plan.method, achieved: plan.achieved };
    });
  return {
    network: { fingerprint: network.fingerprint, name: network.name },
    images: { fingerprint: selection.images, name: nameOf(options), count: selection.indices.length },
    about: {
      ...{ method: method.id, target, selection: selection.drawn, racers, firstBatch },
      labels: selection.labels && [...selection.labels],
    },
    command,
  };
}

function nameOf({ race: { selection } }: SharedRaceOptions): string {
  return selection?.join(' ') ?? 'the selection images';
}

async function runShard(
  workspace: Workspace,
  folder: ResultsFolder,
  { statement, shard }: { readonly statement: RaceStatement; readonly shard: ShardIndex },
  counts: DoneUnits,
): Promise<void> {
  const units = raceUnits(statement);
  const costs = units.map(({ of, from, to }) => {
    const own = (to - from) * achievedOf(statement, of);
    return { own, start: 0, step: 0 };
  });
  const { from, to } = partition(costs, shard.count)[shard.index - 1]!;
  const selection = selectionOf(imageParts(workspace.state)!.selection);
  const of = racedImages(statement);
  for (const { of: recipe, ...item } of units.slice(from, to)) {
    if (await folder.find(answersUnit, of, item)) {
      counts.found++;
      continue;
    }
    const indices = selection.indices.slice(item.from, item.to);
    const own = { ...selection, indices };
    const witness = selection.indices[0];
    const task = { recipe, selection: own, witness, notNumbers: 'unanswered' } as const;
    const answers = unwrap(await workspace.studio.run(workspace.signal, evaluateKind, task, () => undefined));
    const found = [...topClass(answers)];
    await folder.save(answersUnit, { of, item, found, backend: workspace.backend.backend });
    counts.done++;
  }
}
