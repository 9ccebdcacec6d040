import { methods } from '../compression/methods';
import { recipeKey, withoutSteps, type Recipe } from '../compression/recipe';
import type { MeasuredPoint } from '../enc/sweep/points';
import type {
  BytesNote,
  DistilNote,
  HistoryNote,
  LosslessNote,
  RaceNote,
  RepairNote,
  SavedPlan,
} from './document';
import { joinedKey, type Measurement } from './measurement';
import { measurementOf, repairedMeasurement } from './measurements';
import { originOf } from './origin';
import type { Plans } from './plans';
import type { RaceState } from './raceState';
import { askedOf, type AskedSettings } from './askedSettings';
import type { ProjectState } from './state';
import { withDocument } from './transitions';

/*
 * What was found out about plans, as changes of a project's state: plans, measurements, repairs, points, races.
 */

/** Plans that were worked out; of those that were measured before, their methods become proposers, too. */
export function withPlans<S extends ProjectState>(state: S, target: number, plans: Plans): S {
  return withProposers({ ...state, completed: { target, plans } });
}

/** Every method whose present plan was measured is among those that propose it, whichever was there first. */
function withProposers<S extends ProjectState>(state: S): S {
  return Object.entries(state.completed?.plans ?? {}).reduce((next, [method, { recipe }]) => {
    const known = [measurementOf(next, recipe), repairedMeasurement(next, recipe)];
    return known.reduce((own, measurement) => withProposer(own, method, measurement), next);
  }, state);
}

function withProposer<S extends ProjectState>(state: S, method: string, known: Measurement | null): S {
  if (!known) return state;
  const origin = originOf(state, method);
  const { methods: proposing, under = [] } = known;
  if (proposing.includes(method) && under.includes(origin)) return state;
  const measurement = {
    ...known,
    methods: inOrder([...proposing, method]),
    under: distinct([...under, origin]),
  };
  const key = joinedKey(known.recipe, known.images);
  return withDocument(state, { measurements: { ...state.document.measurements, [key]: measurement } });
}

/** A plan that is put aside to be compared with. */
export function withSavedPlan<S extends ProjectState>(state: S, saved: SavedPlan | null): S {
  return withDocument(state, { saved });
}

/** A measurement, remembered; methods that propose what was already measured are added to the former ones. */
export function withMeasurement<S extends ProjectState>(
  state: S,
  recipe: Recipe,
  measurement: Measurement,
): S {
  const key = joinedKey(measurement.recipe, measurement.images);
  const { measurements, recipes } = state.document;
  const known = measurements[key];
  const proposing = inOrder([...(known?.methods ?? []), ...measurement.methods]);
  const now = measurement.methods.map((method) => originOf(state, method));
  const under = distinct([...(known?.under ?? []), ...(measurement.under ?? []), ...now]);
  const measured = withDocument(state, {
    recipes: { ...recipes, [measurement.recipe]: recipe },
    measurements: { ...measurements, [key]: { ...measurement, methods: proposing, under } },
  });
  return withProposers(withAskedNow(measured, recipe, measurement.methods));
}

/** Notes the present settings with a plan that follows from them. */
function withAskedNow<S extends ProjectState>(state: S, recipe: Recipe, proposing: readonly string[]): S {
  const { completed, document } = state;
  const key = recipeKey(withoutSteps(recipe));
  const method = proposing.find((id) => {
    const planned = completed?.plans[id];
    return planned !== undefined && recipeKey(planned.recipe) === key;
  });
  if (method === undefined || completed?.target !== document.settings.target) return state;
  return withAsked(state, recipe, { ...askedOf(document.settings), method });
}

/** Notes the settings that a plan was proposed under, unless some are noted already. */
export function withAsked<S extends ProjectState>(state: S, recipe: Recipe, asked: AskedSettings): S {
  const known = historyNote(state, recipe);
  return known.asked ? state : withHistoryNote(state, recipe, { asked });
}

/** What a person says of a measured plan, and what is noted with it. */
export function withHistoryNote<S extends ProjectState>(
  state: S,
  recipe: Recipe,
  change: Partial<HistoryNote>,
): S {
  const { history } = state.document;
  const note = { ...historyNote(state, recipe), ...change };
  return withDocument(state, { history: { ...history, [recipeKey(withoutSteps(recipe))]: note } });
}

/** What is noted with a plan. */
export function historyNote({ document }: ProjectState, recipe: Recipe): HistoryNote {
  return document.history[recipeKey(withoutSteps(recipe))] ?? { name: '', isKept: false, asked: null };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** Methods once each, in the registry's order: which one came first depends on what else the machine did. */
function inOrder(ids: readonly string[]): readonly string[] {
  const place = (id: string) => methods.all.findIndex((method) => method.id === id);
  return [...new Set(ids)].sort((a, b) => place(a) - place(b));
}

/** What repair made of a recipe that ends in one. */
export function withRepair<S extends ProjectState>(state: S, recipe: Recipe, note: RepairNote): S {
  return withDocument(state, { repairs: { ...state.document.repairs, [recipeKey(recipe)]: note } });
}

/** How a distillation stands. One that is asked for anew counts as the last one. */
export function withDistilling<S extends ProjectState>(state: S, note: DistilNote): S {
  const key = recipeKey(note.recipe);
  const { [key]: known, ...others } = state.document.distillations;
  const isNew = known === undefined || (known.best !== null && note.best === null);
  const distillations = isNew ? { ...others, [key]: note } : { ...state.document.distillations, [key]: note };
  return withDocument(state, { distillations });
}

/** Without a distillation that nobody wants any more. */
export function withoutDistilling<S extends ProjectState>(state: S, key: string): S {
  const others = Object.entries(state.document.distillations).filter(([other]) => other !== key);
  return withDocument(state, { distillations: Object.fromEntries(others) });
}

/** A repaired network that the threads know. */
export function withHeldRepair<S extends ProjectState>(state: S, recipe: Recipe): S {
  return { ...state, heldRepairs: { ...state.heldRepairs, [recipeKey(recipe)]: true } };
}

/**
 * Points of the layers' curves, under the name of what they hold for. They are put in an order of their own: the
 * order in which threads measure them is another every time.
 */
export function withPoints<S extends ProjectState>(
  state: S,
  key: string,
  points: readonly MeasuredPoint[],
): S {
  const ordered = points.toSorted(
    (a, b) =>
      compareTexts(a.layer, b.layer) || compareTexts(a.factorisation, b.factorisation) || a.rank - b.rank,
  );
  return withDocument(state, { points: { ...state.document.points, [key]: ordered } });
}

/** By code units: the same in every language. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Draws the curves through these points, whatever the present selection images are. */
export function withCurvesFrom<S extends ProjectState>(state: S, key: string | null): S {
  return { ...state, curvesFrom: key };
}

/** A sweep that has measured everything that could tell anything. */
export function withFinishedSweep<S extends ProjectState>(state: S, key: string): S {
  return withDocument(state, { finishedSweeps: [...state.document.finishedSweeps, key] });
}

/** How a race stands. */
export function withRace<S extends ProjectState>(state: S, race: RaceState): S {
  return { ...state, races: { ...state.races, [race.method]: race } };
}

/** A race that came to its end, so that it need not be run again. */
export function withRaceNote<S extends ProjectState>(state: S, key: string, note: RaceNote): S {
  return withDocument(state, { races: { ...state.document.races, [key]: note } });
}

/** How far the search for the smallest plan without loss has come. */
export function withLossless<S extends ProjectState>(state: S, key: string, note: LosslessNote): S {
  return withDocument(state, { lossless: { ...state.document.lossless, [key]: note } });
}

/** What was measured by bytes so far. */
export function withBytes<S extends ProjectState>(state: S, key: string, note: BytesNote): S {
  return withDocument(state, { byBytes: { ...state.document.byBytes, [key]: note } });
}
