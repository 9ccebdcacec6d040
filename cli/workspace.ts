import type { Draw } from '../src/compression/draw';
import { lowRankRecipe, type Recipe, type RefitStep, type Step } from '../src/compression/recipe';
import type { BackendReport, BackendRequest } from '../src/engine/backend';
import { countAgreeing } from '../src/answers/agreement';
import { countCorrect } from '../src/answers/correct';
import { topClass } from '../src/answers/topClasses';
import { energyCurve, type Curve } from '../src/enc/curve';
import type { MeasuredPoint } from '../src/enc/sweep/points';
import type { SweepSettings } from '../src/enc/sweep/schedule';
import { fail, unwrap } from '../src/network/failure';
import type { Preprocessing } from '../src/network/images';
import type { LayerDescription, Ranks } from '../src/network/layers';
import { detectPreprocessing } from '../src/project/detecting';
import { evaluateKind, type Answers } from '../workers/protocol/evaluate';
import { exportKind, type ExportedNetwork } from '../workers/protocol/export';
import { factoriseKind } from '../workers/protocol/factorise';
import { raceKind, type RaceCandidate, type RaceStanding } from '../workers/protocol/race';
import { repairKind, type Repaired } from '../workers/protocol/repair';
import type { ImageSelection } from '../workers/protocol/selection';
import type { ImagesSummary, NetworkSummary } from '../workers/protocol/summaries';
import { sweepKind } from '../workers/protocol/sweep';
import type { Studio } from '../workers/protocol/studio';
import { readFiles } from './inputs';
import { parsePreprocessing, type PreprocessingOptions } from './preprocessing';
import type { OutTarget } from './outFiles';
import { detectionText } from './detection';
import { note, progressLine } from './output';
import { isSample, samplePreprocessing, type SampleUse } from './samples';
import { createNodeStudio } from './threads';

/** Which images to use, as given on the command line. */
export interface ImageOptions extends PreprocessingOptions {
  readonly data: readonly string[];
  /** Only the first so many. */
  readonly images?: number;
}

/** Images that were opened for one network. */
export interface OpenImages {
  readonly summary: ImagesSummary;
  readonly selection: ImageSelection;
  /** What of the set they are. */
  readonly draw: Draw;
}

/** What `evaluate` prints. */
export interface Accuracy {
  readonly top1: number | null;
  readonly top5: number | null;
  /** Share of images that get the same class as from the original network. */
  readonly agreement: number | null;
  readonly images: number;
}

const never = new AbortController().signal;

/** A network opened in a studio of its own, for the length of one command. */
export class Workspace {
  private detection: Preprocessing | null = null;

  private constructor(
    private readonly studio: Studio,
    readonly backend: BackendReport,
    readonly network: NetworkSummary,
  ) {}

  /** Starts the threads, runs the command and ends the threads whatever happens. */
  static async with<T>(
    model: readonly string[],
    backend: BackendRequest,
    command: (workspace: Workspace) => Promise<T>,
  ): Promise<T> {
    const studio = createNodeStudio({ onNote: note });
    try {
      const report = unwrap(await studio.start(backend));
      const network = unwrap(await studio.openNetwork(never, await readFiles(model, 'network')));
      return await command(new Workspace(studio, report, network));
    } finally {
      studio.close();
    }
  }

  /** @param use which of a sample's image sets its name stands for */
  async openImages(given: ImageOptions, use: SampleUse = 'validation'): Promise<OpenImages> {
    const isOwn = given.preprocess === undefined && given.data.some(isSample);
    const options = isOwn ? { ...(await samplePreprocessing()), ...given } : given;
    const { fingerprint: network, input } = this.network;
    const files = await readFiles(options.data, use);
    const summary = unwrap(await this.studio.openImages(never, files, network));
    const count = Math.min(options.images ?? summary.count, summary.count);
    const indices = Uint32Array.from({ length: count }, (_, index) => index);
    const preprocessing =
      options.preprocess === 'detect'
        ? await this.detected(summary)
        : parsePreprocessing(options, input.shape, this.network.preprocessing);
    const draw = { kind: 'run', from: 0, count } as const;
    return { summary, selection: { images: summary.fingerprint, indices, preprocessing }, draw };
  }

  /** Runs the presets once per command: images opened later are prepared like the first. */
  private async detected(images: ImagesSummary): Promise<Preprocessing> {
    if (this.detection) return this.detection;
    const found = unwrap(await detectPreprocessing(this.studio, never, this.network, images, progressLine()));
    note(detectionText(found));
    this.detection = found.best.preprocessing;
    return this.detection;
  }

  layer(name: string): LayerDescription {
    return (
      this.network.layers.find((layer) => layer.name === name) ??
      fail(
        'invalid-request',
        `${name}: the network has no convolution or dense layer of this name; see enc inspect.`,
      )
    );
  }

  /** Factorises layers; their factors stay in the threads. */
  async factorise(layers: readonly LayerDescription[]): Promise<ReadonlyMap<string, Curve>> {
    const curves = new Map<string, Curve>();
    const wanted = layers.map(({ name, factorisation }) => ({ layer: name, factorisation }));
    unwrap(
      await this.studio.run(
        never,
        factoriseKind,
        { network: this.network.fingerprint, layers: wanted },
        progressLine(),
        ({ layer, singularValues }) =>
          curves.set(layer, energyCurve(layer, singularValues, this.layer(layer).rankMax)),
      ),
    );
    return curves;
  }

  /** Measures layers on images, each cut alone; they must be factorised. */
  async sweep(
    { selection }: OpenImages,
    layers: readonly LayerDescription[],
    settings: Omit<SweepSettings, 'images'>,
    refit: RefitStep | null = null,
  ): Promise<readonly MeasuredPoint[]> {
    const wanted = layers.map(({ name, factorisation, rankMax }) => ({ name, factorisation, rankMax }));
    const { fingerprint: network } = this.network;
    const request = { network, selection, layers: wanted, settings, refit, known: [] };
    return unwrap(await this.studio.run(never, sweepKind, request, progressLine()));
  }

  /** The network cut to some ranks, every layer split as its kind is. */
  recipe(ranks: Ranks): Recipe {
    return lowRankRecipe(this.network.fingerprint, ranks, (layer) => this.layer(layer).factorisation);
  }

  /** A step on calibration images. */
  step<K extends Step['kind']>(kind: K, { selection, draw }: OpenImages, seed: number) {
    const { images, preprocessing } = selection;
    return { kind, images: { images, draw, preprocessing }, seed };
  }

  /** Takes a recipe's last step, a repair; its network may be named from then on. */
  async repair(recipe: Recipe): Promise<Repaired> {
    return unwrap(await this.studio.run(never, repairKind, { recipe }, progressLine()));
  }

  /** Races plans on images (ENC-Inf). @param answers the right class of each image */
  async race(
    { selection }: OpenImages,
    candidates: readonly RaceCandidate[],
    answers: Int32Array,
    firstBatch: number,
  ): Promise<readonly RaceStanding[]> {
    const { fingerprint: network } = this.network;
    const request = { network, candidates, ...selection, answers, firstBatch, known: new Map() };
    return unwrap(await this.studio.run(never, raceKind, request, progressLine()));
  }

  async answers({ selection }: OpenImages, recipe: Recipe = this.recipe({})): Promise<Answers> {
    return unwrap(await this.studio.run(never, evaluateKind, { recipe, selection }, progressLine()));
  }

  /** Accuracy of answers, and their agreement with the original's where those are given. */
  accuracy({ summary, selection }: OpenImages, answers: Answers, original: Answers | null): Accuracy {
    const { labels } = summary;
    const own = labels && selection.indices.map((index) => labels[index]!);
    const { images } = answers;
    const correct = own && countCorrect(answers, own);
    return {
      top1: correct && correct.top1 / images,
      top5: correct && correct.top5 / images,
      agreement: original && countAgreeing(topClass(answers), topClass(original)) / images,
      images,
    };
  }

  async export(
    { format, isFolder, isFamily }: OutTarget,
    recipe: Recipe,
    metadata: Record<string, string>,
    images: OpenImages | null,
  ): Promise<ExportedNetwork> {
    const selection = images && { ...images.selection, indices: images.selection.indices.slice(0, 16) };
    const request = { recipe, format, isPacked: !isFolder && !isFamily, metadata, selection };
    return unwrap(await this.studio.run(never, exportKind, request, progressLine()));
  }
}
