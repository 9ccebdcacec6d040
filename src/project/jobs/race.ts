import { topClass } from '../../answers/topClasses';
import { unwrap, outcomeOf, type Outcome } from '../../network/failure';
import { evaluateKind } from '../../../workers/protocol/evaluate';
import { raceKind, type RaceStanding } from '../../../workers/protocol/race';
import type { BackgroundJob, TaskTools } from '../background';
import { imageParts, selectionOf, type ImagePart } from '../images';
import { imagesKey } from '../measurement';
import { isDetecting, original } from '../measurements';
import { formatTarget } from '../numbers';
import { racing } from '../kinds';
import type { RaceNote } from '../document';
import { firstBatch, recordedRace, wantedRaces, type RaceTask } from '../race';
import type { PlannedMethod } from '../plans';
import { candidatesOf, winnerOfRace, type RaceState } from '../raceState';
import type { ProjectState } from '../state';
import { withRace, withRaceNote } from '../foundTransitions';
import { collect } from './saving';

/** Runs the methods that race candidates when the slider rests, and stops them the moment it moves. */
export const race: BackgroundJob<RaceTask> = {
  kind: racing,
  label: 'Races of candidates',
  stage: 'race',
  lane: 'foreground',
  order: 3,
  rest: () => 500,
  wanted: (state) => (isDetecting(state) ? [] : wantedRaces(state)),
  title: (_state, { target, entries }) => `Racing ${entries().length} plans at ${formatTarget(target)}`,
  run: (task, tools) => outcomeOf(() => runRace(task, tools)),
};

async function runRace(task: RaceTask, tools: TaskTools): Promise<null> {
  const { key, method, target, entries: makeEntries } = task;
  const { getState, update } = tools;
  const recorded = recordedRace(getState(), task);
  if (recorded) {
    update((now) => withRace(now, recorded));
    return null;
  }
  const entries = makeEntries();
  const images = imageParts(getState())!.selection.indices.length;
  const state: RaceState = { method, key, target, entries, standings: [], images, isFinished: false };
  update((now) => withRace(now, state));
  const show = (standings: readonly RaceStanding[]) =>
    update((now) => withRace(now, { ...state, standings }));
  const standings = await raced(task, tools, show);
  const note = noteOf(task, images, standings);
  update((now) => withRace(withRaceNote(now, key, note), { ...state, standings, isFinished: true }));
  return null;
}

/** The winner of a race, run wherever the slider stands; null where no plan ran on all images. */
export async function winnerAt(task: RaceTask, tools: TaskTools): Promise<PlannedMethod | null> {
  const { key, method, target } = task;
  const recorded = recordedRace(tools.getState(), task);
  if (recorded) return winnerOfRace(recorded);
  const entries = task.entries();
  const images = imageParts(tools.getState())!.selection.indices.length;
  const standings = await raced(task, tools, () => undefined);
  const note = noteOf(task, images, standings);
  tools.update((now) => withRaceNote(now, key, note));
  return winnerOfRace({ method, key, target, entries, standings, images, isFinished: true });
}

/** Runs a race to its end. */
async function raced(
  task: RaceTask,
  tools: TaskTools,
  onStandings: (standings: readonly RaceStanding[]) => void,
): Promise<readonly RaceStanding[]> {
  const { studio, caches, signal, onProgress, getState } = tools;
  const { selection } = imageParts(getState())!;
  // The recipes that answers are kept under name the network themselves.
  const name = imagesKey(selection.drawn);
  const known = await caches.loadCorrect(name);
  const answers = unwrap(await rightAnswers(getState(), selection, tools));
  const request = {
    network: getState().network!.summary.fingerprint,
    candidates: candidatesOf(task.entries()),
    ...selectionOf(selection),
    answers,
    firstBatch,
    known,
  };
  const collector = collect<RaceStanding>((fresh) => caches.saveCorrect(name, longest(fresh)));
  const lengths = new Map([...known].map(([of, { length }]) => [of, length]));
  const show = (standings: readonly RaceStanding[]) => {
    for (const standing of standings) {
      if (standing.correctByImage.length <= (lengths.get(standing.key) ?? 0)) continue;
      lengths.set(standing.key, standing.correctByImage.length);
      collector.add(standing);
    }
    onStandings(standings);
  };
  const outcome = await studio.run(signal, raceKind, request, onProgress, show);
  await collector.flush();
  return unwrap(outcome);
}

function noteOf({ method, target }: RaceTask, images: number, standings: readonly RaceStanding[]): RaceNote {
  const own = standings.map(({ key, images: run, correct, isDropped }) => ({
    key,
    images: run,
    correct,
    isDropped,
  }));
  return { method, target, images, standings: own };
}

/** By recipe; of those that came several times, the last ran on the most images. */
function longest(standings: readonly RaceStanding[]): ReadonlyMap<string, Uint8Array> {
  return new Map(standings.map(({ key, correctByImage }) => [key, correctByImage]));
}

/** The label of each image, or the original network's answer where it has none. */
async function rightAnswers(
  state: ProjectState,
  selection: ImagePart,
  { studio, signal }: TaskTools,
): Promise<Outcome<Int32Array>> {
  if (selection.labels) return { ok: true, value: selection.labels };
  const task = { recipe: original(state)!, selection: selectionOf(selection) };
  const outcome = await studio.run(signal, evaluateKind, task, () => undefined);
  return outcome.ok ? { ok: true, value: topClass(outcome.value) } : outcome;
}
