import {
  chooseBackend,
  type BackendReport,
  type BackendRequest,
  type WasmPaths,
} from '../../src/engine/backend';
import { evaluate } from '../../src/engine/evaluate';
import { createExecutor, type Pause } from '../../src/engine/executor';
import { ranksKey } from '../../src/enc/plan';
import { checkImagesFit } from '../../src/formats/datasets';
import type { NamedFile } from '../../src/formats/file';
import { openImageFiles, type CodecSource } from '../../src/formats/images';
import { factoriseLayer, type LayerFactors } from '../../src/network/factors';
import { fail, outcomeOf, type Outcome } from '../../src/network/failure';
import { fingerprintImages } from '../../src/network/fingerprint';
import { repairNetwork } from '../../src/repair/repairNetwork';
import type { Factorisation } from '../../src/network/layers';
import { contentDigest } from '../../src/network/contentDigest';
import { inferShapes } from '../../src/network/shapes';
import type { MeasuredPoint } from '../../src/enc/sweep/points';
import { pauseUnlessCancelled } from '../../src/engine/yielding';
import type { ParsedNetwork } from '../protocol/parse';
import type { Progress } from '../protocol/progress';
import type { FitTask, RefittedRank, Repaired, RepairTask } from '../protocol/repair';
import type {
  Answers,
  ComputeService,
  EvaluationRequest,
  ExportedNetwork,
  ExportRequest,
  ImageSelection,
  ImagesSummary,
} from '../protocol/service';
import type { SweepTaskRequest } from '../protocol/sweep';
import { ExecutorCache } from './executorCache';
import { exportAndCompare, type ComparisonImages } from './exporting';
import { fitKey, fitLayers } from './fitting';
import { noiseImages } from './noiseImages';
import { RightOfWay } from './rightOfWay';
import { Session } from './session';
import { SweepHolder } from './sweeping';
import { summariseImages, wantedBy } from './summaries';

/** The compute service in the thread it is made in: holds networks and images, owns the backend. */
export class InThreadCompute implements ComputeService {
  private readonly session = new Session();
  private readonly executors = new ExecutorCache(2);
  private readonly sweeps = new SweepHolder(this.session);
  private readonly rightOfWay = new RightOfWay();
  private readonly cancelled = new Set<string>();
  private report: BackendReport | null = null;

  /**
   * @param wasmPaths where the backend's WebAssembly files are: a folder, or an address per file
   * @param codecs where the decoders of pictures come from
   */
  constructor(
    private readonly wasmPaths: WasmPaths,
    private readonly codecs: CodecSource,
  ) {}

  startBackend(request: BackendRequest): Promise<Outcome<BackendReport>> {
    return outcomeOf(
      async () => (this.report ??= await chooseBackend(request, { wasmPaths: this.wasmPaths })),
    );
  }

  acceptNetwork({ network, summary }: ParsedNetwork): Promise<Outcome<null>> {
    return outcomeOf(() => {
      this.session.addNetwork(summary.fingerprint, network);
      return null;
    });
  }

  openImages(files: readonly NamedFile[], network: string | null = null): Promise<Outcome<ImagesSummary>> {
    return outcomeOf(async () => {
      const wanted = network === null ? undefined : wantedBy(this.session.openNetwork(network).network);
      const images = await openImageFiles(files, this.codecs, wanted);
      const fingerprint = fingerprintImages(images);
      this.session.addImages(fingerprint, images);
      return summariseImages(images, fingerprint);
    });
  }

  factorise(network: string, layer: string, factorisation: Factorisation): Promise<Outcome<LayerFactors>> {
    return outcomeOf(() => {
      const open = this.session.openNetwork(network);
      const known = open.factors.get(layer);
      if (known?.factorisation === factorisation) return known;
      const node = open.network.nodes.find((candidate) => candidate.name === layer);
      if (!node) return fail('invalid-request', `${layer}: the network has no layer of this name.`);
      const factors = factoriseLayer(node, factorisation);
      this.executors.clear();
      open.factors.set(layer, factors);
      return factors;
    });
  }

  acceptFactors(network: string, factors: readonly LayerFactors[]): Promise<Outcome<null>> {
    return outcomeOf(() => {
      const open = this.session.openNetwork(network);
      for (const factor of factors) open.factors.set(factor.layer, factor);
      this.executors.clear();
      return null;
    });
  }

  evaluate(
    job: string,
    request: EvaluationRequest,
    onProgress: (progress: Progress) => void,
  ): Promise<Outcome<Answers>> {
    return this.runJob(job, async (isCancelled) => {
      const on = this.selected(request.network, request.selection);
      const { network, ranks, repair = null } = request;
      const executor = this.executors.get(`${network} ${ranksKey(ranks)} ${repair ?? ''}`, () =>
        createExecutor(this.session.rewritten(network, ranks, repair)),
      );
      const answers = await evaluate(executor, on.images, on.preprocessing, {
        indices: on.indices,
        isCancelled,
        onBatch: ({ done, total }) => onProgress({ stage: 'evaluating', done, total, unit: 'images' }),
      });
      return { images: on.indices.length, ...answers };
    });
  }

  exportNetwork(
    job: string,
    request: ExportRequest,
    onProgress: (progress: Progress) => void,
  ): Promise<Outcome<ExportedNetwork>> {
    return this.runJob(job, async (isCancelled) => {
      onProgress({ stage: 'exporting', done: 0, total: 2, unit: 'steps' });
      const rewritten = this.session.rewritten(request.network, request.ranks, request.repair);
      const network = { ...rewritten, metadata: { ...rewritten.metadata, ...request.metadata } };
      onProgress({ stage: 'exporting', done: 1, total: 2, unit: 'steps' });
      const on = request.selection
        ? this.selected(request.network, request.selection)
        : noiseImages(network.input.shape);
      return exportAndCompare(network, request, on, isCancelled);
    });
  }

  sweep(job: string, request: SweepTaskRequest): Promise<Outcome<readonly MeasuredPoint[]>> {
    return this.untilDone(job, (isCancelled) =>
      this.sweeps.measure(job, request, this.backgroundPause(isCancelled)),
    );
  }

  endSweep(job: string): Promise<void> {
    this.sweeps.end(job);
    this.cancelled.delete(job);
    return Promise.resolve();
  }

  repair(
    job: string,
    task: RepairTask,
    onProgress: (progress: Progress) => void,
  ): Promise<Outcome<Repaired>> {
    return this.runJob(job, async (isCancelled) => {
      const on = this.selected(task.network, task.calibration);
      const result = await repairNetwork({
        network: this.session.openNetwork(task.network).network,
        ranks: task.ranks,
        factorsOf: (layer) => this.session.factorsOf(task.network, layer),
        ...on,
        seed: task.seed,
        isCancelled,
        onProgress: ({ done, total }) => onProgress({ stage: 'repairing', done, total, unit: 'layers' }),
      });
      const { patch, layers, divergence, isRepaired } = result;
      const repaired = { key: repairKey(task), patch, layers, divergence, isRepaired };
      this.session.openNetwork(task.network).repairs.set(repaired.key, patch);
      return repaired;
    });
  }

  acceptRepair(network: string, repaired: Repaired): Promise<Outcome<null>> {
    return outcomeOf(() => {
      this.session.openNetwork(network).repairs.set(repaired.key, repaired.patch);
      return null;
    });
  }

  fitRanks(
    job: string,
    task: FitTask,
    onProgress: (progress: Progress) => void,
  ): Promise<Outcome<{ readonly key: string; readonly fits: readonly RefittedRank[] }>> {
    return this.untilDone(job, async (isCancelled) => {
      const on = this.selected(task.network, task.calibration);
      const total = task.layers.length;
      const fits = await fitLayers(this.session, task, on, this.backgroundPause(isCancelled), (done) =>
        onProgress({ stage: 'repairing', done, total, unit: 'layers' }),
      );
      const key = fitKey(task);
      this.session.addFits(task.network, key, fits);
      return { key, fits };
    });
  }

  acceptFits(network: string, key: string, fits: readonly RefittedRank[]): Promise<Outcome<null>> {
    return outcomeOf(() => {
      this.session.addFits(network, key, fits);
      return null;
    });
  }

  cancel(job: string): Promise<void> {
    this.cancelled.add(job);
    return Promise.resolve();
  }

  thumbnails(images: string, indices: Uint32Array): Promise<Outcome<Uint8Array>> {
    return outcomeOf(() => {
      const set = this.session.openImages(images);
      const size = set.height * set.width * set.channels;
      const pixels = new Uint8Array(indices.length * size);
      indices.forEach((image, position) => {
        pixels.set(set.pixels.subarray(image * size, (image + 1) * size), position * size);
      });
      return pixels;
    });
  }

  private selected(network: string, selection: ImageSelection): ComparisonImages {
    const images = this.session.openImages(selection.images);
    const graph = this.session.openNetwork(network).network;
    const scores = inferShapes(graph).shapes.get(graph.outputs[0]!) ?? [];
    checkImagesFit(
      images,
      graph.input.shape,
      scores.reduce((product, extent) => product * extent, 1),
    );
    const indices = selection.indices ?? Uint32Array.from({ length: images.count }, (_, index) => index);
    return { images, indices, preprocessing: selection.preprocessing };
  }

  /** Lets messages through, and stands still while anything that a person waits for is computed here. */
  private backgroundPause(isCancelled: () => boolean): Pause {
    const takeTurns = pauseUnlessCancelled(isCancelled);
    return async () => {
      await takeTurns();
      await this.rightOfWay.clear();
    };
  }

  /** A job that a person waits for. */
  private runJob<T>(job: string, work: (isCancelled: () => boolean) => Promise<T>): Promise<Outcome<T>> {
    return this.rightOfWay.foregroundWork(() => this.untilDone(job, work));
  }

  private async untilDone<T>(
    job: string,
    work: (isCancelled: () => boolean) => Promise<T>,
  ): Promise<Outcome<T>> {
    try {
      return await outcomeOf(() => work(() => this.cancelled.has(job)));
    } finally {
      this.cancelled.delete(job);
    }
  }
}

/** Names a repair by everything its result depends on. */
function repairKey({ network, ranks, calibration, seed }: RepairTask): string {
  const { images, indices, preprocessing } = calibration;
  const which = indices ? contentDigest(indices) : 'all';
  return [network, ranksKey(ranks), images, which, JSON.stringify(preprocessing), seed].join(' ');
}
