import { methods } from '../compression/methods';
import { recipeKey, withoutSteps, type Recipe } from '../compression/recipe';
import type { Budget } from '../enc/costs';
import { energyCurve, type Curve } from '../enc/curve';
import type { MeasuredPoint } from '../enc/sweep/points';
import type { Preprocessing } from '../network/images';
import { inputChannels } from '../network/inputImage';
import type { ReadOptions } from '../../workers/protocol/parse';
import type { LayerSpectrum } from '../../workers/protocol/factorise';
import type { ImagesSummary, NetworkSummary } from '../../workers/protocol/summaries';
import type { DetectionNote } from './detection';
import type {
  Document,
  HistoryNote,
  ImageUses,
  LosslessNote,
  RaceNote,
  RepairNote,
  SavedPlan,
} from './document';
import { spectrumKey, splitAs } from './factorisations';
import { withoutKinds } from './jobStatus';
import { joinedKey, type Measurement } from './measurement';
import { setFingerprint, withLabelsInUse } from './labelling';
import { measurementOf, repairedMeasurement } from './measurements';
import { measuring, racing, repairing } from './kinds';
import type { OrderNote } from './orderNote';
import { originOf } from './origin';
import type { Plans } from './plans';
import { asStored, defaultChannels, preprocessingOf, samePreprocessing } from './preprocessing';
import type { RaceState } from './raceState';
import { askedOf, defaultSettings, targetRange, type AskedSettings, type Settings } from './settings';
import type { ProjectState } from './state';

/*
 * What each event changes and what it makes void, as pure functions of the state; a state that holds more than a
 * project keeps it. Measurements are never thrown away: their keys name network, images, preprocessing and recipe,
 * so those that no longer hold are not found.
 */

/** Kinds of jobs that run on images, and whose failures other images or preprocessing may cure. */
const runsOnImages = [measuring, repairing, racing];

function withDocument<S extends ProjectState>(state: S, change: Partial<Document>): S {
  return { ...state, document: { ...state.document, ...change } };
}

/** Changes what was asked for. */
export function withSettings<S extends ProjectState>(state: S, change: Partial<Settings>): S {
  const changed = withDocument(state, { settings: { ...state.document.settings, ...change } });
  const next = 'factorisations' in change ? withSplits(changed) : changed;
  const isOfLabels = ['labelColumn', 'classOrder', 'preprocessing'].some((name) => name in change);
  if (!isOfLabels) return next;
  const labelled = withLabels(next);
  // Preprocessing that was found by other labels is looked for again; what a person chose stays.
  const isSame = labelled.images?.fingerprint === state.images?.fingerprint;
  if (isSame || 'preprocessing' in change || !isDetected(state)) return labelled;
  return withDocument(labelled, { settings: { ...labelled.document.settings, preprocessingIsGuess: true } });
}

/** Every layer split as the settings say; the same state where it is so already. */
function withSplits<S extends ProjectState>(state: S): S {
  const network = state.network && splitAs(state.network, state.document.settings.factorisations);
  return network === state.network ? state : { ...state, network };
}

/** Singular values of layers that have just become known, with the curves that follow. */
export function withSpectra<S extends ProjectState>(
  state: S,
  network: string,
  fresh: readonly LayerSpectrum[],
): S {
  if (state.network?.summary.fingerprint !== network || fresh.length === 0) return state;
  const { summary } = state.network;
  const spectra = new Map(state.network.spectra);
  for (const { layer, factorisation, singularValues } of fresh)
    spectra.set(spectrumKey(layer, factorisation), singularValues);
  const inUse = new Map(summary.layers.map((layer) => [layer.name, layer]));
  const curves = fresh.flatMap(({ layer, factorisation, singularValues }) => {
    const own = inUse.get(layer);
    return own?.factorisation === factorisation
      ? [energyCurve(layer, singularValues, Math.max(1, own.rankMax))]
      : [];
  });
  const next = { ...state, network: { ...state.network, spectra } };
  return withSplits(withCurves(next, network, curves));
}

/** Whether the preprocessing in use is what trying every preset showed for the images as their labels are read. */
function isDetected({ images, document: { detection, settings } }: ProjectState): boolean {
  return (
    detection !== null &&
    detection.images === images?.fingerprint &&
    samePreprocessing(detection.best.preprocessing, settings.preprocessing)
  );
}

/** Every set with its labels as settings and notes say; the same state where they are so already. */
function withLabels<S extends ProjectState>(state: S): S {
  const inUse = (set: ImagesSummary) => withLabelsInUse(set, state);
  const images = state.images && inUse(state.images);
  const tuning = state.tuning && inUse(state.tuning);
  const others = Object.entries(state.sets).map(([key, set]) => [key, inUse(set)] as const);
  const isSame = others.every(([key, set]) => set === state.sets[key]);
  if (images === state.images && tuning === state.tuning && isSame) return state;
  return { ...withoutRuns(state), images, tuning, sets: isSame ? state.sets : Object.fromEntries(others) };
}

/** What the network's answers say of the order of classes. */
export function withOrderNote<S extends ProjectState>(state: S, key: string, note: OrderNote): S {
  return withLabels(withDocument(state, { orders: { ...state.document.orders, [key]: note } }));
}

/**
 * A newly opened network takes the place of the former one; images stay. Preprocessing that its own files state, or
 * that its own scaling of its input shows, takes the place of the one chosen before. What was decided about layers
 * stays where it is the same network with another of its outputs.
 *
 * @param reading how its files were read
 */
export function withNetwork<S extends ProjectState>(
  state: S,
  title: string,
  summary: NetworkSummary,
  reading: ReadOptions = {},
): S {
  const { preprocessing, preprocessingIsGuess } = state.document.settings;
  const channels = defaultChannels(inputChannels(summary.input.shape), preprocessing.channels);
  const known = preprocessingOf(summary);
  const stated = known
    ? { preprocessing: known, preprocessingIsGuess: summary.preprocessing === null }
    : {
        preprocessing: {
          ...(preprocessingIsGuess ? defaultSettings.preprocessing : preprocessing),
          channels,
        },
      };
  const network = { fingerprint: summary.fingerprint, name: title };
  const ofNew = isOtherOutput(state.network?.summary, summary)
    ? {}
    : { overrides: {}, limits: {}, factorisations: {}, ...stated };
  const { output = null, inputSize = null } = reading;
  const settings = { output, inputSize, ...ofNew };
  const next = withDocument(withSettings(state, settings), { network, saved: null });
  return withLabels({
    ...(state.images ? withStoredRange(next, state.images) : next),
    network: splitAs(
      { title, summary, opened: summary, curves: new Map(), spectra: new Map() },
      next.document.settings.factorisations,
    ),
    curvesFrom: null,
    completed: null,
    races: {},
    jobs: withoutKinds(state.jobs, runsOnImages),
    // What was halted was work on the former one.
    paused: {},
  });
}

/** Whether two networks are the same but for the output that holds the class scores. */
export function isOtherOutput(
  former: NetworkSummary | undefined,
  { content, fingerprint }: NetworkSummary,
): boolean {
  return former?.content === content && former.fingerprint !== fingerprint;
}

/** Newly opened images take the place of the former ones, and of those for tuning; network and curves stay. */
export function withImages<S extends ProjectState>(state: S, images: ImagesSummary): S {
  const reference = { fingerprint: setFingerprint(images), name: images.name };
  const former = withoutLabelChoices(state, images);
  const next = withLabels({
    ...withoutRuns(withDocument(former, { images: reference, tuning: null })),
    images,
    tuning: null,
  });
  const isNew = state.document.images?.fingerprint !== reference.fingerprint;
  return isNew ? withStoredRange(next, images) : next;
}

/** What a person chose of the labels of one set says nothing of another's. */
function withoutLabelChoices<S extends ProjectState>(state: S, next: ImagesSummary): S {
  const { images } = state;
  const choices = images?.labelChoices?.readings.length ?? 0;
  const isOther = images !== null && (images.name !== next.name || images.count !== next.count);
  return isOther && choices > 1 ? withSettings(state, { labelColumn: null, classOrder: 'auto' }) : state;
}

/** Numbers that were normalised before they were saved need nothing more, whatever other images would. */
function withStoredRange<S extends ProjectState>(state: S, { range }: ImagesSummary): S {
  const { preprocessing, preprocessingIsGuess } = state.document.settings;
  const stored = asStored(range?.range, preprocessing.channels);
  const isSure = range?.range === 'as-is';
  const isKnown = !preprocessingIsGuess || Boolean(state.network && preprocessingOf(state.network.summary));
  if (!stored || !(isSure || !isKnown)) return state;
  return withSettings(state, { preprocessing: stored, preprocessingIsGuess: !isSure });
}

/** Without images. */
export function withoutImages<S extends ProjectState>(state: S): S {
  return { ...withoutRuns(withDocument(state, { images: null, tuning: null })), images: null, tuning: null };
}

/** Images of their own for calibration and selection; null takes those from the others again. */
export function withTuning<S extends ProjectState>(state: S, tuning: ImagesSummary | null): S {
  const reference = tuning && { fingerprint: setFingerprint(tuning), name: tuning.name };
  return withLabels({ ...withoutRuns(withDocument(state, { tuning: reference })), tuning });
}

/** One more set of images, for uses that are said one by one. */
export function withSet<S extends ProjectState>(state: S, set: ImagesSummary): S {
  return withLabels({ ...state, sets: { ...state.sets, [set.fingerprint]: set } });
}

/** Which images serve for what, said one by one; what is not said follows from the split. */
export function withUses<S extends ProjectState>(state: S, uses: ImageUses): S {
  return withoutRuns(withDocument(state, { uses }));
}

/**
 * Goes on with a document of the network that is open: its settings, and all that was measured. The files stay
 * those that are open.
 */
export function withWork<S extends ProjectState>(state: S, document: Document): S {
  const { network, images, tuning } = state.document;
  const next = withoutRuns(withDocument(state, { ...document, network, images, tuning }));
  return withLabels(withSplits({ ...next, completed: null }));
}

/** How pixels become the input, as somebody has chosen it. */
export function withPreprocessing<S extends ProjectState>(state: S, preprocessing: Preprocessing): S {
  return withoutRuns(withSettings(state, { preprocessing, preprocessingIsGuess: false }));
}

/** What trying every preset has shown. */
export function withDetection<S extends ProjectState>(state: S, detection: DetectionNote): S {
  return withDocument(state, { detection });
}

function withoutRuns<S extends ProjectState>(state: S): S {
  return { ...state, races: {}, jobs: withoutKinds(state.jobs, runsOnImages) };
}

/** Curves of a network's layers that have just become known. */
export function withCurves<S extends ProjectState>(state: S, network: string, fresh: readonly Curve[]): S {
  if (state.network?.summary.fingerprint !== network || fresh.length === 0) return state;
  const curves = new Map(state.network.curves);
  for (const curve of fresh) curves.set(curve.layer, curve);
  return { ...state, network: { ...state.network, curves } };
}

/** A person includes a layer in rank selection or keeps it as it is. */
export function withOverride<S extends ProjectState>(state: S, layer: string, isCut: boolean): S {
  return withSettings(state, { overrides: { ...state.document.settings.overrides, [layer]: isCut } });
}

/** The target, held within the slider's range. */
export function withTarget<S extends ProjectState>(state: S, target: number): S {
  const held = Math.min(targetRange.max, Math.max(targetRange.min, target));
  return held === state.document.settings.target ? state : withSettings(state, { target: held });
}

/** What the target is a share of. A second budget on the same cost is then on the former one. */
export function withCost<S extends ProjectState>(state: S, cost: string): S {
  const { cost: former, second } = state.document.settings;
  const other = second?.cost === cost ? { second: { ...second, cost: former } } : {};
  return withSettings(state, { cost, ...other });
}

/** The second budget, its share held within the slider's range; null for none. */
export function withSecond<S extends ProjectState>(state: S, second: Budget | null): S {
  const held = second && Math.min(targetRange.max, Math.max(targetRange.min, second.share));
  const former = state.document.settings.second;
  const isSame = former?.cost === second?.cost && former?.share === (held ?? undefined);
  return isSame ? state : withSettings(state, { second: second && { ...second, share: held! } });
}

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
