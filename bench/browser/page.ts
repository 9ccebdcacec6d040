import type * as OnnxRuntime from 'onnxruntime-web/wasm';
import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { macsBudget, plansAt, problemOf } from '../../src/compression/planning';
import { lowRankRecipe, originalRecipe, type Recipe } from '../../src/compression/recipe';
import { energyCurve } from '../../src/enc/curve';
import { adapterName, probeAdapter } from '../../src/engine/adapter';
import { unwrap } from '../../src/network/failure';
import type { Factorisation, Ranks } from '../../src/network/layers';
import { createStudio } from '../../workers/client';
import { evaluateKind } from '../../workers/protocol/evaluate';
import { exportKind } from '../../workers/protocol/export';
import { factoriseKind } from '../../workers/protocol/factorise';
import type { ImageSelection } from '../../workers/protocol/selection';
import type { NetworkSummary } from '../../workers/protocol/summaries';

/** What the page runs on. */
export interface BrowserSetting {
  readonly backend: string;
  readonly adapter: string;
  readonly threads: number;
  readonly runtime: string;
}

/** A network as it is timed: the original, or one that ENC-Map cut. */
export interface Variant {
  /** Null for the original. */
  readonly target: number | null;
  readonly macs: number;
  readonly ranks: Ranks;
}

/** What the page does for the benchmark; networks and images are fetched from `data/`. */
export interface BrowserBenchmark {
  /** @returns why nothing can be timed on a graphics card; null where there is one */
  withoutGraphicsCard(): Promise<string | null>;
  /** @param threads of the studio where the processor computes, and of ONNX Runtime */
  start(backend: 'wasm' | 'webgpu', threads: number): Promise<BrowserSetting>;
  /** Opens a network with its images and makes its variants. @returns them, the original first */
  open(name: string, images: number, targets: readonly number[]): Promise<readonly Variant[]>;
  /** @returns seconds that the studio takes for all the images, answers read back */
  own(variant: number): Promise<number>;
  /** @returns seconds that ONNX Runtime takes for them; null where it cannot run the network */
  runtime(variant: number): Promise<number | null>;
  /** @returns largest difference of the answers of both over the largest answer */
  difference(variant: number): Promise<number>;
  /** Lets go of the network. */
  close(): Promise<void>;
}

const never = new AbortController().signal;
const ignore = () => undefined;
const centred = { channels: 'rgb' as const, mean: [128], scale: [1 / 128] };
/** Images of a run of ONNX Runtime. */
const batchSize = 8;

interface Opened {
  readonly network: NetworkSummary;
  readonly images: string;
  readonly selection: ImageSelection;
  readonly pixels: Uint8Array;
  readonly recipes: readonly Recipe[];
  readonly sessions: (InferenceSession | null | undefined)[];
}

let studio: ReturnType<typeof createStudio>;
let provider: 'wasm' | 'webgpu';
let ort: typeof OnnxRuntime;
let opened: Opened;

async function download(name: string): Promise<{ name: string; bytes: Uint8Array }> {
  const response = await fetch(`data/${name}`);
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
}

async function withoutGraphicsCard(): Promise<string | null> {
  const probe = await probeAdapter();
  if (!probe.adapter) return probe.reason;
  return probe.adapter.software ? `${adapterName(probe.adapter)} computes on the processor` : null;
}

async function start(backend: 'wasm' | 'webgpu', threads: number): Promise<BrowserSetting> {
  studio = createStudio({ threads });
  provider = backend;
  const started = unwrap(await studio.start(backend));
  ort = backend === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = threads;
  const { adapter } = started;
  return {
    backend: started.backend,
    adapter: adapter ? `${adapter.vendor} ${adapter.architecture} ${adapter.description}`.trim() : '',
    threads: started.threads,
    runtime: ort.env.versions.web ?? ort.env.versions.common,
  };
}

async function open(name: string, images: number, targets: readonly number[]): Promise<readonly Variant[]> {
  const network = unwrap(await studio.openNetwork(never, [await download(`${name}.onnx`)]));
  const file = await download(`${name}.npy`);
  const set = unwrap(await studio.openImages(never, [file], network.fingerprint));
  const variants = [{ target: null, macs: 1, ranks: {} }, ...(await planned(network, targets))];
  const indices = Uint32Array.from({ length: images }, (_, index) => index);
  const kinds = new Map(network.layers.map((layer) => [layer.name, layer.factorisation]));
  const kindOf = (layer: string): Factorisation => kinds.get(layer)!;
  const recipes = variants.map(({ target, ranks }) =>
    target === null ? originalRecipe(network.fingerprint) : lowRankRecipe(network.fingerprint, ranks, kindOf),
  );
  const selection = { images: set.fingerprint, indices, preprocessing: centred };
  const pixels = file.bytes.subarray(file.bytes.length - images * set.height * set.width * 3);
  opened = { network, images: set.fingerprint, selection, pixels, recipes, sessions: [] };
  return variants;
}

/** ENC-Map by energy, as the page has it at first. */
async function planned(network: NetworkSummary, targets: readonly number[]): Promise<Variant[]> {
  const problem = problemOf(network, {});
  const described = new Map(network.layers.map((layer) => [layer.name, layer]));
  const layers = problem.layers.map(({ name }) => {
    const { factorisation, rankMax } = described.get(name)!;
    return { layer: name, factorisation, rank: rankMax };
  });
  const curves = new Map<string, ReturnType<typeof energyCurve>>();
  const task = { network: network.fingerprint, layers };
  unwrap(
    await studio.run(never, factoriseKind, task, ignore, ({ layer, singularValues }) => {
      curves.set(layer, energyCurve(layer, singularValues, described.get(layer)!.rankMax));
    }),
  );
  const inputs = { metric: 'energy', curves, energy: curves, space: null };
  return targets.map((target) => {
    const { ranks, achieved } = plansAt(problem, inputs, [macsBudget(target)])['map']!;
    return { target, macs: achieved, ranks };
  });
}

async function own(variant: number): Promise<number> {
  const { recipes, selection } = opened;
  const start = performance.now();
  unwrap(await studio.run(never, evaluateKind, { recipe: recipes[variant]!, selection }, ignore));
  return (performance.now() - start) / 1000;
}

/** The file that the studio hands out, in ONNX Runtime on the same processor or card. */
async function sessionOf(variant: number): Promise<InferenceSession | null> {
  const known = opened.sessions[variant];
  if (known !== undefined) return known;
  const request = { format: 'onnx', metadata: {}, selection: null, recipe: opened.recipes[variant]! };
  const { files } = unwrap(await studio.run(never, exportKind, request, ignore));
  const options = { executionProviders: [provider], logSeverityLevel: 3 as const };
  const made = await ort.InferenceSession.create(files[0]!.bytes, options).catch((error: unknown) => {
    console.warn(`ONNX Runtime: ${String(error)}`);
    return null;
  });
  opened.sessions[variant] = made;
  return made;
}

/** The batches as ONNX Runtime wants them: channels first. */
function batches(): Tensor[] {
  const [height = 1, width = 1] = opened.network.input.shape;
  const count = opened.selection.indices.length;
  const area = height * width;
  const made: Tensor[] = [];
  for (let first = 0; first < count; first += batchSize) {
    const images = Math.min(batchSize, count - first);
    const values = new Float32Array(images * 3 * area);
    for (let index = 0; index < values.length; index++) {
      const image = Math.floor(index / (3 * area));
      const channel = Math.floor(index / area) % 3;
      values[index] = (opened.pixels[((first + image) * area + (index % area)) * 3 + channel]! - 128) / 128;
    }
    made.push(new ort.Tensor('float32', values, [images, 3, height, width]));
  }
  return made;
}

async function answersOf(session: InferenceSession, given: readonly Tensor[]): Promise<Float32Array[]> {
  const answers: Float32Array[] = [];
  for (const batch of given) {
    const outputs = await session.run({ [session.inputNames[0]!]: batch });
    answers.push((await outputs[session.outputNames[0]!]!.getData()) as Float32Array);
  }
  return answers;
}

async function runtime(variant: number): Promise<number | null> {
  const session = await sessionOf(variant);
  if (!session) return null;
  const given = batches();
  const start = performance.now();
  await answersOf(session, given);
  return (performance.now() - start) / 1000;
}

async function difference(variant: number): Promise<number> {
  const { recipes, selection } = opened;
  const session = await sessionOf(variant);
  if (!session) return NaN;
  const { scores } = unwrap(
    await studio.run(never, evaluateKind, { recipe: recipes[variant]!, selection }, ignore),
  );
  const answers = (await answersOf(session, batches())).flatMap((part) => Array.from(part));
  let [worst, largest] = [0, 0];
  answers.forEach((value, index) => {
    worst = Math.max(worst, Math.abs(value - scores[index]!));
    largest = Math.max(largest, Math.abs(value));
  });
  return worst / largest;
}

async function close(): Promise<void> {
  for (const session of opened.sessions) await session?.release();
  studio.closeFiles(new Set([opened.network.fingerprint, opened.images]), new Set());
}

const benchmark: BrowserBenchmark = { withoutGraphicsCard, start, open, own, runtime, difference, close };
Object.assign(globalThis, { browserBenchmark: benchmark });
