import type { Recipe } from '../src/compression/recipe';
import { fail, unwrap } from '../src/network/failure';
import type { Preprocessing } from '../src/network/images';
import { inputChannels } from '../src/network/inputImage';
import type { LayerDescription, Ranks } from '../src/network/layers';
import type { BackgroundJob, BackgroundTask } from '../src/project/background';
import type { Caches } from '../src/project/caches';
import { doubtText } from '../src/project/chance';
import type { DetectionRow } from '../src/project/detection';
import type { ImageUses } from '../src/project/document';
import { doubtPreprocessing } from '../src/project/doubting';
import { classOrder, orderTask } from '../src/project/jobs/classOrder';
import { detect, detectTask } from '../src/project/jobs/detect';
import { factorise } from '../src/project/jobs/factorise';
import { measure } from '../src/project/jobs/measure';
import { orderQuestion, withLabelsInUse } from '../src/project/labelling';
import type { Measurement } from '../src/project/measurement';
import { keyOf, measurementOf } from '../src/project/measurements';
import { describedAs, wantedAlternatives } from '../src/project/factorisations';
import { plannerOf } from '../src/project/planning';
import type { Planner } from '../src/project/plans';
import { asStored, forChannels, preprocessingOf } from '../src/project/preprocessing';
import { readingOf, type Settings } from '../src/project/settings';
import { createProjectStore, type ProjectState, type StartedBackend } from '../src/project/state';
import {
  withDetection,
  withImages,
  withNetwork,
  withPreprocessing,
  withSet,
  withSettings,
  withUses,
} from '../src/project/transitions';
import type { Studio } from '../workers/protocol/studio';
import type { ImagesSummary, NetworkSummary } from '../workers/protocol/summaries';
import type { CommonOptions } from './commonOptions';
import { detectionText } from './detection';
import { personalCaches } from './factorFiles';
import { noneOf, type OpenImages } from './images';
import { readFiles } from './inputs';
import { noteLabels, requireLabelChoices } from './labelling';
import { note, progressLine } from './output';
import { parsePreprocessing, statesPreprocessing, type PreprocessingOptions } from './preprocessing';
import { isSample, samplePreprocessing, type SampleUse } from './samples';
import { createNodeStudio } from './threads';
import { ownValue } from '../src/network/ownValue';

/** Which images to use, as given on the command line. */
export interface ImageOptions extends PreprocessingOptions {
  readonly data: readonly string[];
  /** Only the first so many. */
  readonly images?: number;
  /** Whether the command prints what was assumed with its answer. */
  readonly printsAssumptions?: boolean;
  /** Whether the command asks by {@link Workspace.sayDoubt} itself, once it knows that nobody has said it yet. */
  readonly saysDoubtItself?: boolean;
  /** How the files are read. */
  readonly reading?: Partial<Settings>;
}

/** Never aborted: a command runs to its end, or with its process. */
export const never = new AbortController().signal;

/** How a command is run. */
export interface RunOptions {
  readonly threads?: number | null;
  readonly signal?: AbortSignal;
}

/** A project with a network open, in a studio of its own, for the length of one command. */
export class Workspace {
  readonly store = createProjectStore();
  readonly caches = personalCaches();

  private constructor(
    readonly studio: Studio,
    /** Stops its jobs. */
    readonly signal: AbortSignal,
  ) {}

  /**
   * Starts the threads, opens the network, runs the command and ends the threads whatever happens.
   *
   * @param how on how many threads, one per core unless given, and what stops its jobs
   */
  static async with<T>(
    model: readonly string[],
    { backend: request, networkReading: reading }: Pick<CommonOptions, 'backend' | 'networkReading'>,
    command: (workspace: Workspace) => Promise<T>,
    { threads = null, signal = never }: RunOptions = {},
  ): Promise<T> {
    const studio = createNodeStudio({ onNote: note, ...(threads === null ? {} : { threads }) });
    try {
      const backend = unwrap(await studio.start(request));
      const network = unwrap(await studio.openNetwork(never, await readFiles(model, 'network'), reading));
      const workspace = new Workspace(studio, signal);
      workspace.update((state) => withNetwork({ ...state, backend }, network.name, network, reading));
      return await command(workspace);
    } finally {
      studio.close();
    }
  }

  get state(): ProjectState {
    return this.store.getState();
  }

  update(change: (state: ProjectState) => ProjectState): void {
    this.store.setState(change);
  }

  get network(): NetworkSummary {
    return this.state.network!.summary;
  }

  get backend(): StartedBackend {
    return this.state.backend!;
  }

  /** What plans are made with, by the present settings and curves. */
  get planner(): Planner {
    return plannerOf(this.state)!;
  }

  /** @throws FailureError `invalid-request` where the network has no such layer */
  layer(name: string): LayerDescription {
    return (
      this.network.layers.find((layer) => layer.name === name) ??
      fail(
        'invalid-request',
        `${name}: expected a convolution or dense layer of the network, found none of this name; see enc inspect.`,
      )
    );
  }

  /** Does one task of a background job now, to its end. @throws FailureError the failure that ended it */
  async perform<Task extends BackgroundTask>(
    job: BackgroundJob<Task>,
    task: Task,
    caches: Caches = this.caches,
  ): Promise<void> {
    const update = (change: (state: ProjectState) => ProjectState) => this.update(change);
    const tools = {
      studio: this.studio,
      caches,
      signal: this.signal,
      onProgress: progressLine(),
      getState: () => this.state,
      update,
      record: update,
    };
    unwrap(await job.run(task, tools));
  }

  /** Factorises layers up to their r_max, or to a rank above it; those that are known already are left out. */
  async factorise(
    layers: readonly LayerDescription[],
    ranks: Ranks = {},
    caches: Caches = this.caches,
  ): Promise<void> {
    await this.perform(factorise, { key: this.network.fingerprint, layers, ranks }, caches);
  }

  /** Layers split otherwise than at present, whose better split is to be found. */
  get wantedAlternatives(): readonly LayerDescription[] {
    return wantedAlternatives(this.state.network!, this.state.document.settings.factorisations);
  }

  /** Factorises the layers that ranks are chosen for, in both ways where the better one is to be found. */
  async factoriseIncluded(): Promise<void> {
    const included = this.planner.problem.layers.map(({ name }) => this.layer(name));
    await this.factorise([...included, ...this.wantedAlternatives]);
  }

  /** Reads a set of images for the network, without taking it into the project. */
  async read(data: readonly string[], use: SampleUse): Promise<ImagesSummary> {
    const files = await readFiles(data, use);
    const reading = readingOf(this.state.document.settings);
    return unwrap(await this.studio.openImages(never, files, this.network.fingerprint, reading));
  }

  /**
   * Opens images, of which nothing is used before {@link use} says what for. The first set that is opened decides the
   * project's preprocessing.
   *
   * @param use which of a sample's image sets its name stands for
   */
  async open(given: ImageOptions, use: SampleUse = 'validation'): Promise<OpenImages> {
    this.update((state) => withSettings(state, given.reading ?? {}));
    const summary = await this.read(given.data, use);
    const isFirst = this.state.images === null;
    this.update((state) => (isFirst ? withImages(state, summary) : withSet(state, summary)));
    const preprocessing = await this.preprocessingOf(given, summary);
    const isOwn = isSampleData(given) || summary.range?.range === 'as-is';
    const isGuess = !isOwn && !statesPreprocessing(given);
    if (isFirst) {
      this.update((state) =>
        withSettings(withPreprocessing(state, preprocessing), { preprocessingIsGuess: isGuess }),
      );
      requireLabelChoices(summary, this.state);
    }
    const open = await this.withOrder(summary);
    const images = { summary: open, preprocessing: forChannels(preprocessing, this.channels) };
    if (isFirst) this.use({ report: noneOf(images) });
    if (isFirst && !given.saysDoubtItself) await this.sayDoubt(given, images);
    if (!given.printsAssumptions) noteLabels(open, this.state);
    return images;
  }

  /** A set that is open, its classes in the order that the network's answers decide, where nothing else does. */
  private async withOrder(opened: ImagesSummary): Promise<ImagesSummary> {
    const task = orderTask(opened, this.state);
    if (task) await this.perform(classOrder, task);
    return withLabelsInUse(opened, this.state);
  }

  /** States what images are used for; other uses stay. */
  use(uses: ImageUses): void {
    this.update((state) => withUses(state, { ...state.document.uses, ...uses }));
  }

  private get channels(): number {
    return inputChannels(this.network.input.shape);
  }

  private async preprocessingOf(given: ImageOptions, { range }: ImagesSummary): Promise<Preprocessing> {
    if (given.preprocess === 'detect') return this.detected();
    const isOwn = given.preprocess === undefined && given.data.some(isSample);
    const options = isOwn ? { ...(await samplePreprocessing()), ...given } : given;
    const stored = asStored(range?.range, this.channels === 1 ? 'grey' : 'rgb');
    const stated = range?.range === 'as-is' ? stored : (preprocessingOf(this.network) ?? stored);
    return parsePreprocessing(options, this.network.input.shape, stated);
  }

  /**
   * Says at once where the preprocessing gives labelled images no better than chance while another does not; a
   * sample's and one that was tried already need no asking.
   */
  async sayDoubt(given: ImageOptions, { summary, preprocessing }: OpenImages): Promise<void> {
    if (isSampleData(given) || given.preprocess === 'detect') return;
    const { studio, network } = this;
    const asked = { ...summary, readings: orderQuestion(summary, this.state)?.readings ?? [] };
    const report = unwrap(
      await doubtPreprocessing(studio, never, network, asked, preprocessing, progressLine()),
    );
    if (!report) return;
    const { detection, doubt } = report;
    this.update((state) => withDetection(state, detection));
    if (doubt) note(`${doubtText(doubt)} Say ${optionText(doubt.better)}, or --preprocess detect.`);
  }

  /** Runs the presets once per command: images opened later are prepared like the first. */
  private async detected(): Promise<Preprocessing> {
    if (!this.state.document.detection) {
      await this.perform(detect, detectTask(this.state)!);
      note(detectionText(this.state.document.detection!));
    }
    return this.state.document.detection!.best.preprocessing;
  }

  /** Runs a recipe on the report images, once. @param methods that propose it */
  async measure(recipe: Recipe, methods: readonly string[] = []): Promise<Measurement> {
    const known = measurementOf(this.state, recipe);
    if (known) return known;
    const achieved = macsShare(this.network, recipe);
    await this.perform(measure, { key: keyOf(this.state, recipe)!, recipe, achieved, methods });
    return measurementOf(this.state, recipe)!;
  }
}

function isSampleData({ data }: ImageOptions): boolean {
  return data.some(isSample);
}

/** The options that ask for a preset. */
function optionText({ preset, preprocessing }: DetectionRow): string {
  return `--preprocess ${preset} --channels ${preprocessing.channels}`;
}

/** Share of the original's MACs that a recipe's layers take. */
export function macsShare(summary: NetworkSummary, recipe: Recipe): number {
  const { macs } = summary;
  const saved = summary.layers.reduce((sum, layer) => {
    const choice = ownValue(recipe.layers, layer.name);
    if (choice?.kind !== 'low-rank') return sum;
    const { macsPerRank } = describedAs({ summary }, layer.name, choice.factorisation) ?? layer;
    return sum + layer.macs - choice.rank * macsPerRank;
  }, 0);
  return (macs - saved) / macs;
}
