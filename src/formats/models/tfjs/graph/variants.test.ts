import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphAnswers } from '../../../../engine/testing/tfGraph';
import { FailureError } from '../../../../network/failure';
import type { Network } from '../../../../network/graph';
import { chainOf, randomDense, seededNumbers } from '../../../../network/testing/builders';
import { referenceScores } from '../../../../network/testing/referenceExecutor';
import { inferShapes } from '../../../../network/shapes';
import { assertComputable, unsupportedNodes, validateNetwork } from '../../../../network/validate';
import type { NamedFile } from '../../../file';
import { fixtureInput } from '../../../testing/fixtures';
import { floatToHalf } from '../../../../network/half';
import { largestDifference } from '../../../testing/layout';
import { readNetwork, writeNetwork } from '../..';
import { attribute, GraphBuilder } from './testing/building';

const image = [6, 5, 4];
const input = fixtureInput(120);
const slide = {
  strides: attribute.integers(1, 1, 1, 1),
  dilations: attribute.integers(1, 1, 1, 1),
  padding: attribute.text('SAME'),
  data_format: attribute.text('NHWC'),
};

/** A fused convolution, a mean and scores. */
function small(): GraphBuilder {
  const graph = new GraphBuilder(image);
  graph.add('_FusedConv2D', 'conv', ['x', graph.weight('k', 3, 3, 4, 5), graph.weight('b', 5)], {
    ...slide,
    fused_ops: attribute.texts('BiasAdd', 'Relu'),
    num_args: { i: '1' },
  });
  graph.add('Mean', 'mean', ['conv', graph.integers('axes', 1, 2)], { keep_dims: attribute.flag(false) });
  graph.add('MatMul', 'scores', ['mean', graph.weight('w', 5, 3)]);
  return graph;
}

async function expectAnswers(graph: GraphBuilder, output: string): Promise<Network> {
  const expected = await graphAnswers(graph.json(output), graph.shard(), input, [1, ...image]);
  const network = await readNetwork(graph.files(output));
  expect(unsupportedNodes(network)).toEqual([]);
  expect(inferShapes(network).problems).toEqual([]);
  expect(largestDifference(referenceScores(network, input).data, expected)).toBeLessThan(1e-5);
  return network;
}

/** Why the nodes that cannot be computed cannot; everything else about the network must be in order. */
async function reasonsOf(graph: GraphBuilder, output: string): Promise<readonly string[]> {
  const network = await readNetwork(graph.files(output));
  expect(validateNetwork(network)).toEqual([]);
  return unsupportedNodes(network).map(({ message }) => message);
}

describe('the forms that GraphModel files have', () => {
  it.each(['uint8', 'uint16', 'float16'] as const)('weights quantised to %s', async (dtype) => {
    const graph = small();
    const { json, shard } = quantised(graph, dtype);
    const expected = await graphAnswers(json, shard, input, [1, ...image]);
    const network = await readNetwork([
      { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(json)) },
      { name: 'group1-shard1of1.bin', bytes: shard },
    ]);
    const answers = referenceScores(network, input).data;
    expect(largestDifference(answers, expected)).toBeLessThan(1e-5);
    const whole = referenceScores(await readNetwork(graph.files('scores')), input).data;
    expect(largestDifference(answers, whole)).toBeGreaterThan(0);
    expect(largestDifference(answers, whole)).toBeLessThan(0.05);
  });

  it('weights behind an Identity, as frozen graphs have them', async () => {
    const graph = new GraphBuilder(image);
    const kernel = graph.add('Identity', 'k/read', [graph.weight('k', 1, 1, 4, 5)]);
    const bias = graph.add('Identity', 'b/read', [graph.weight('b', 5)]);
    const convolution = graph.add('Conv2D', 'conv', ['x', kernel], slide);
    await expectAnswers(graph, graph.add('BiasAdd', 'sum', [convolution, bias]));
  });

  it('control inputs, and inputs that nothing uses', async () => {
    const graph = new GraphBuilder(image);
    graph.add('Placeholder', 'keras_learning_phase', [], { shape: { shape: {} } });
    graph.add('NoOp', 'wait', []);
    await expectAnswers(graph, graph.add('Relu', 'y', ['x:0', '^wait']));
  });

  it('parts that would be called as another node is', async () => {
    const graph = new GraphBuilder(image);
    const other = graph.add('Tanh', 'sum/constant1', ['x']);
    const sum = graph.add('AddV2', 'sum', ['x', graph.weight('c', 4)]);
    await expectAnswers(graph, graph.add('AddV2', 'y', [other, sum]));
  });

  it('a parametric ReLU with one slope for all, alone and fused', async () => {
    const graph = new GraphBuilder(image);
    const slope = graph.weight('slope', 1);
    const inputs = ['x', graph.weight('k', 1, 1, 4, 5), graph.weight('b', 5), slope];
    graph.add('_FusedConv2D', 'conv', inputs, {
      ...slide,
      fused_ops: attribute.texts('BiasAdd', 'Prelu'),
      num_args: { i: '2' },
    });
    await expectAnswers(graph, graph.add('Prelu', 'y', ['conv', slope]));
  });

  it('beside a LayersModel: two networks are one too many, each is read alone', async () => {
    const inFolder = (folder: string, files: readonly NamedFile[]) =>
      files.map(({ name, bytes }) => ({ name: `${folder}/${name}`, bytes }));
    const layers = inFolder(
      'layers',
      await writeNetwork(chainOf([4], [randomDense(seededNumbers(1), 4, 3)]), 'tfjs'),
    );
    const graph = inFolder('graph', small().files('scores'));
    await expect(readNetwork([...layers, ...graph])).rejects.toThrow(
      'Expected one network, found 2: layers/model.json and graph/model.json; choose one of them.',
    );
    expect((await readNetwork(graph)).nodes.map(({ name }) => name)).toContain('scores');
    expect((await readNetwork(graph)).name).toBe('graph');
    expect((await readNetwork(layers)).nodes.map(({ name }) => name)).toContain('dense0');
  });
});

describe('nodes of a GraphModel that are listed with a reason', () => {
  it('a fused activation that is not known leaves one node of that name', async () => {
    const graph = new GraphBuilder(image);
    graph.add('_FusedConv2D', 'conv', ['x', graph.weight('k', 1, 1, 4, 5), graph.weight('b', 5)], {
      ...slide,
      fused_ops: attribute.texts('BiasAdd', 'Gelu'),
      num_args: { i: '1' },
    });
    expect(await reasonsOf(graph, graph.add('Relu', 'y', ['conv']))).toEqual([
      'Node "conv" (_FusedConv2D) is not supported: its fused operator Gelu is not known to the studio.',
    ]);
  });

  it('several values of one node: each that is read', async () => {
    const graph = new GraphBuilder(image);
    graph.add('Unpack', 'halves', ['x'], { num: { i: '2' }, axis: { i: '1' } });
    const reasons = await reasonsOf(graph, graph.add('AddV2', 'y', ['halves', 'halves:1']));
    const advice = 'convert the network as a LayersModel, or export it as ONNX.';
    expect(reasons.slice(0, 2)).toEqual([
      `Node "halves" (Unpack) is not supported: the studio does not know this operator; ${advice}`,
      `Node "halves:1" (Unpack) is not supported: the studio does not know this operator; ${advice}`,
    ]);
  });

  it('a second value of a node that answers with one here', async () => {
    const graph = new GraphBuilder(image);
    const weights = ['scale', 'offset', 'mean', 'var'].map((name) => graph.weight(name, 4));
    graph.add('FusedBatchNormV3', 'norm', ['x', ...weights], { epsilon: attribute.number(0.001) });
    const reasons = await reasonsOf(graph, graph.add('Relu', 'y', ['norm:1']));
    expect(reasons.join()).toContain('(FusedBatchNormV3) is not supported: its second value is read');
  });

  it('shapes that are worked out and then read as values', async () => {
    const graph = new GraphBuilder(image);
    const shape = graph.add('Shape', 'shape', ['x'], {});
    const made = graph.add('Fill', 'made', [shape, graph.weight('value')]);
    const reasons = await reasonsOf(graph, graph.add('Relu', 'y', [made]));
    expect(reasons).toEqual([
      'Node "made" (Fill) is not supported: it works on sizes that are not known before it runs; convert the network with fixed sizes.',
    ]);
  });

  it('a reshape that joins images', async () => {
    const joined = new GraphBuilder(image);
    const reasons = await reasonsOf(joined, joined.add('Reshape', 'y', ['x', joined.integers('to', 2, -1)]));
    expect(reasons.join()).toContain('does not keep images apart');
  });

  it.each([
    ['strides', { strides: attribute.integers(1, 0, 1, 1) }],
    ['dilations', { dilations: attribute.integers(1, -1, 1, 1) }],
    [
      'explicit_paddings',
      { explicit_paddings: attribute.integers(0, 0, -1, 0, 0, 0, 0, 0), padding: attribute.text('EXPLICIT') },
    ],
  ])('%s that make no sense', async (key, settings) => {
    const graph = new GraphBuilder(image);
    const attributes = { ...slide, ...settings };
    const reasons = await reasonsOf(
      graph,
      graph.add('Conv2D', 'y', ['x', graph.weight('k', 3, 3, 4, 5)], attributes),
    );
    expect(reasons.join()).toContain(`its ${key} are`);
  });
});

describe('damaged GraphModels', () => {
  it('whose text is cut off', async () => {
    const [model, shard] = small().files('scores');
    const cut = { name: 'model.json', bytes: model!.bytes.slice(0, 900) };
    await expect(readNetwork([cut, shard!])).rejects.toThrow(/^model\.json: expected .*damaged.*\.$/);
  });

  it.each([
    [{ node: {} }, /^model\.json: expected a network .*found JSON text/],
    [{ node: [4] }, /^model\.json: modelTopology\.node\[0\]: expected an object, found 4; save it again\.$/],
    [
      { node: [] },
      /^model\.json: expected its output "scores" in the graph, found none; convert it again\.$/,
    ],
    [
      { node: [{ name: 'x', op: 'Placeholder', input: 'y' }] },
      /^model\.json: node "x", input: expected a list, found "y"; save it again\.$/,
    ],
  ])('whose graph is %j', async (modelTopology, sentence) => {
    const files = small().files('scores', (json) => ({ ...json, modelTopology }));
    await expect(readNetwork(files)).rejects.toThrow(sentence);
  });

  it('whose values are changed anywhere end in a network or in a sentence', async () => {
    const places = leavesOf(small().json('scores'));
    const odd = fc.oneof(
      fc.constantFrom<unknown>(null, -1, 0, 1.5, 2 ** 40, '', 'x', 'AA==', [], {}, true, [1, 2], ['x']),
      fc.integer({ min: -3, max: 9 }).map(String),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...places), odd), { minLength: 1, maxLength: 3 }),
        async (changes) => {
          const files = small().files(
            'scores',
            (json) =>
              changes.reduce<unknown>((all, [path, value]) => replaced(all, path, value), json) as object,
          );
          await readNetwork(files).then(usable, orSentence);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

async function usable(network: Network): Promise<void> {
  try {
    assertComputable(network);
    await writeNetwork(network, 'onnx');
  } catch (error) {
    orSentence(error);
  }
}

function orSentence(error: unknown): void {
  if (!(error instanceof FailureError)) throw error;
}

type Path = readonly (string | number)[];

/** Places of all values in JSON, those that hold others too. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, part]) => leavesOf(part, [...path, key]))
      : [];
  return path.length > 0 ? [path, ...inside] : inside;
}

/** JSON with another value in one place; a place that an earlier change took away is passed over. */
function replaced(json: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json))
    return json.map((part: unknown, at) => (String(at) === key ? replaced(part, rest, value) : part));
  const object = json as Record<string, unknown>;
  return key in object ? { ...object, [key]: replaced(object[key], rest, value) } : json;
}

/** The same graph with its float weights in fewer bits, as the converter of TF.js writes them. */
function quantised(
  graph: GraphBuilder,
  dtype: 'uint8' | 'uint16' | 'float16',
): { json: object; shard: Uint8Array } {
  const json = graph.json('scores') as { weightsManifest: { weights: Weight[] }[] };
  const shard = graph.shard();
  const parts: Uint8Array[] = [];
  let at = 0;
  const weights = json.weightsManifest[0]!.weights.map((weight) => {
    const bytes = shard.slice(at, (at += 4 * weight.shape.reduce((a, b) => a * b, 1)));
    if (weight.dtype !== 'float32') {
      parts.push(bytes);
      return weight;
    }
    const { stored, quantization } = fewerBits(new Float32Array(bytes.buffer), dtype);
    parts.push(stored);
    return { ...weight, quantization };
  });
  const weightsManifest = [{ ...json.weightsManifest[0], weights }];
  return { json: { ...json, weightsManifest }, shard: Uint8Array.from(Buffer.concat(parts)) };
}

interface Weight {
  readonly shape: number[];
  readonly dtype: string;
}

function fewerBits(values: Float32Array, dtype: 'uint8' | 'uint16' | 'float16') {
  if (dtype === 'float16')
    return { stored: new Uint8Array(Uint16Array.from(values, floatToHalf).buffer), quantization: { dtype } };
  const min = Math.min(...values);
  const scale = (Math.max(...values) - min) / (dtype === 'uint8' ? 255 : 65535);
  const levels = values.map((value) => Math.round((value - min) / scale));
  const stored =
    dtype === 'uint8' ? Uint8Array.from(levels) : new Uint8Array(Uint16Array.from(levels).buffer);
  return { stored, quantization: { dtype, scale, min, original_dtype: 'float32' } };
}
