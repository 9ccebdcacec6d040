import type { Budget } from '../enc/costs';
import { energyCurve, type Curve } from '../enc/curve';
import type { TimeTable } from '../enc/timeTable';
import type { Preprocessing } from '../network/images';
import { inputChannels } from '../network/inputImage';
import type { ReadOptions } from '../../workers/protocol/parse';
import type { LayerSpectrum } from '../../workers/protocol/factorise';
import type { ImagesSummary, NetworkSummary } from '../../workers/protocol/summaries';
import type { DetectionNote } from './detection';
import type { Document, ImageUses } from './document';
import { spectrumKey, splitAs } from './factorisations';
import { withoutKinds } from './jobStatus';
import { setFingerprint, withLabelsInUse } from './labelling';
import { measuring, racing, repairing } from './kinds';
import { timeOfBudget, timeTables } from './layerTimes';
import type { OrderNote } from './orderNote';
import { asStored, defaultChannels, preprocessingOf, samePreprocessing } from './preprocessing';
import { defaultSettings, targetRange, type Settings } from './settings';
import type { ProjectState } from './state';

/*
 * What each event changes and what it makes void, as pure functions of the state; a state that holds more than a
 * project keeps it. Measurements are never thrown away: their keys name network, images, preprocessing and recipe,
 * so those that no longer hold are not found.
 */

/** Kinds of jobs that run on images, and whose failures other images or preprocessing may cure. */
const runsOnImages = [measuring, repairing, racing];

/** Changes what the document holds. */
export function withDocument<S extends ProjectState>(state: S, change: Partial<Document>): S {
  return { ...state, document: { ...state.document, ...change } };
}

/** Changes what was asked for. */
export function withSettings<S extends ProjectState>(state: S, change: Partial<Settings>): S {
  const changed = withDocument(state, { settings: { ...state.document.settings, ...change } });
  const isOfSplits = ['factorisations', 'cost', 'second'].some((name) => name in change);
  const next = isOfSplits ? withSplits(changed) : changed;
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
  const { factorisations } = state.document.settings;
  const network = state.network && splitAs(state.network, factorisations, timeOfBudget(state));
  return network === state.network ? state : { ...state, network };
}

/** Times of the layers, by which those that are split automatically may be split otherwise now. */
export function withLayerTimes<S extends ProjectState>(state: S, key: string, table: TimeTable): S {
  return withSplits(timeTables.put(state, key, table));
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
  const foreseen = new Set(state.network.foreseen);
  for (const { layer, factorisation, singularValues } of fresh) {
    spectra.set(spectrumKey(layer, factorisation), singularValues);
    foreseen.delete(spectrumKey(layer, factorisation));
  }
  const inUse = new Map(summary.layers.map((layer) => [layer.name, layer]));
  const curves = fresh.flatMap(({ layer, factorisation, singularValues }) => {
    const own = inUse.get(layer);
    return own?.factorisation === factorisation
      ? [energyCurve(layer, singularValues, Math.max(1, own.rankMax))]
      : [];
  });
  const next = { ...state, network: { ...state.network, spectra, foreseen } };
  return withSplits(withCurves(next, network, curves));
}

/**
 * Singular values of layers, as they are split now, whose factors are still to come: their curves are there at once.
 * Those of which more is known already, or that are split otherwise, are left out.
 */
export function withForeseenSpectra<S extends ProjectState>(
  state: S,
  network: string,
  fresh: readonly LayerSpectrum[],
): S {
  const held = state.network;
  if (held?.summary.fingerprint !== network) return state;
  const inUse = new Set(
    held.summary.layers.map(({ name, factorisation }) => spectrumKey(name, factorisation)),
  );
  const keyOf = ({ layer, factorisation }: LayerSpectrum) => spectrumKey(layer, factorisation);
  const taken = fresh.filter(
    (own) => inUse.has(keyOf(own)) && !held.spectra.has(keyOf(own)) && !held.curves.has(own.layer),
  );
  if (taken.length === 0) return state;
  const next = withSpectra(state, network, taken);
  const foreseen = new Set([...held.foreseen, ...taken.map(keyOf)]);
  return { ...next, network: next.network && { ...next.network, foreseen } };
}

/** Forgets the singular values whose factors will not come. */
export function withoutForeseen<S extends ProjectState>(state: S, network: string): S {
  const held = state.network;
  if (held?.summary.fingerprint !== network || held.foreseen.size === 0) return state;
  const spectra = new Map([...held.spectra].filter(([key]) => !held.foreseen.has(key)));
  const curves = new Map(held.curves);
  for (const { name, factorisation } of held.summary.layers)
    if (held.foreseen.has(spectrumKey(name, factorisation))) curves.delete(name);
  return { ...state, network: { ...held, spectra, curves, foreseen: new Set<string>() } };
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
      { title, summary, opened: summary, curves: new Map(), spectra: new Map(), foreseen: new Set() },
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
