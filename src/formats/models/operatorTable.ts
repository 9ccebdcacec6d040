import { FailureError } from '../../network/failure';
import type { ActivationFunction, Conv2d, Network, Operator, Shape } from '../../network/graph';
import { outputShape } from '../../network/shapes';
import { readers } from './readers';
import { writers } from './writers';

/** A form that networks come in: a format, or one of two that a format has. */
interface TableColumn {
  readonly form: string;
  /** What its files call the operators that are read. */
  readonly names: readonly string[];
  /** Writes a network, or fails; null where the form is only read. */
  readonly write: ((network: Network) => unknown) | null;
}

/** What one form has for one operator. */
export interface TableCell {
  readonly reads: readonly string[];
  /** Null where the form is never written. */
  readonly writes: boolean | null;
}

/** Operators that are read and written, by form: what the help page shows. */
export interface OperatorTable {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly operator: string; readonly cells: readonly TableCell[] }[];
}

/** A column for every form that is read, in the order of the readers, then for those that are only written. */
function tableColumns(): readonly TableColumn[] {
  const read = readers.all.flatMap(({ operators }) => operators);
  const forms = new Set([...read, ...writers.all].map(({ form }) => form));
  return [...forms].map((form) => ({
    form,
    names: read.find((own) => own.form === form)?.names ?? [],
    write: writers.all.find((writer) => writer.form === form)?.write ?? null,
  }));
}

/** An operator of ours, what it looks like at its smallest, and what formats call it. */
interface Family {
  readonly operator: string;
  readonly sample: Operator;
  readonly inputs?: 2;
  readonly input?: Shape;
  readonly names: RegExp;
}

const image: Shape = [4, 4, 2];
const noPadding = { top: 0, bottom: 0, left: 0, right: 0 };
const one = { height: 1, width: 1 };
const two = { height: 2, width: 2 };

function convolution(groups: number, outputs: number): Conv2d {
  const shape = [3, 3, 2 / groups, outputs];
  const kernel = { shape, data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)) };
  return { kind: 'conv2d', kernel, bias: null, stride: one, dilation: one, padding: noPadding, groups };
}

const activation = (name: ActivationFunction, alpha = 0, beta = 0): Operator => ({
  kind: 'activation',
  ...{ function: name, alpha, beta },
});
const pool = (reduce: 'max' | 'average'): Operator => ({
  ...{ kind: 'pool', reduce, window: two, stride: two, padding: noPadding },
  ...{ roundUp: false, includePadding: false },
});
const globalPool = (reduce: 'max' | 'average'): Operator => ({
  kind: 'globalPool',
  ...{ reduce, keepDimensions: true },
});
const channels = (value: number) => new Float32Array(2).fill(value);

/** In the order of the table. A name that several families match belongs to each of them. */
const families: readonly Family[] = [
  {
    operator: 'Convolution, dilated or strided',
    sample: convolution(1, 2),
    names: /^(Conv|Conv2D|Convolution2D|_FusedConv2D|SeparableConv2D|Convolution)$/,
  },
  {
    operator: 'Grouped convolution',
    sample: groupedSample(),
    input: [4, 4, 4],
    names: /^(Conv|Conv2D|_FusedConv2D|Convolution)$/,
  },
  {
    operator: 'Depthwise convolution',
    sample: convolution(2, 2),
    names:
      /^(Conv|(Fused)?DepthwiseConv2d(Native)?|DepthwiseConv2D|SeparableConv2D|ConvolutionDepthwise|DepthwiseConvolution|Convolution)$/,
  },
  {
    operator: 'Dense',
    sample: { kind: 'dense', weights: { shape: [3, 2], data: new Float32Array(6) }, bias: null },
    input: [3],
    names: /^(Gemm|MatMul|_FusedMatMul|Dense|InnerProduct)$/,
  },
  {
    operator: 'Batch normalisation',
    sample: {
      kind: 'batchNorm',
      ...{ scale: channels(1), offset: channels(0), mean: channels(0), variance: channels(1), epsilon: 1e-3 },
    },
    names: /^(BatchNorm\w*|FusedBatchNorm\w*|Scale)$/,
  },
  { operator: 'ReLU', sample: activation('relu'), names: /^(Relu|ReLU|Activation)$/ },
  { operator: 'ReLU6', sample: activation('relu6'), names: /^(Relu6|ReLU6|Clip|ReLU)$/ },
  {
    operator: 'Leaky ReLU',
    sample: activation('leakyRelu', 0.1),
    names: /^(Leaky\w+|PRelu|PReLU|Prelu|ReLU)$/,
  },
  { operator: 'ELU', sample: activation('elu', 1), names: /^(Elu|ELU)$/ },
  { operator: 'Sigmoid', sample: activation('sigmoid'), names: /^(Sigmoid|Activation)$/ },
  {
    operator: 'Hard sigmoid',
    sample: activation('hardSigmoid', 0.2, 0.5),
    names: /^(HardSigmoid|Activation)$/,
  },
  {
    operator: 'Swish, also as a sigmoid times its input',
    sample: activation('swish'),
    names: /^(Sigmoid|Mul|Eltwise|Activation)$/,
  },
  { operator: 'Hard swish', sample: activation('hardSwish'), names: /^(HardSwish|Activation)$/ },
  { operator: 'Tanh', sample: activation('tanh'), names: /^(Tanh|TanH|Activation)$/ },
  { operator: 'Softplus', sample: activation('softplus'), names: /^(Softplus|Activation)$/ },
  { operator: 'Softmax', sample: { kind: 'softmax' }, input: [3], names: /^(Softmax|Activation)$/ },
  { operator: 'Maximum pooling', sample: pool('max'), names: /^(Max_?Pool\w*|Pooling)$/ },
  { operator: 'Average pooling', sample: pool('average'), names: /^(AveragePool\w*|AvgPool\w*|Pooling)$/ },
  {
    operator: 'Global average',
    sample: globalPool('average'),
    names: /^(GlobalAverage\w+|ReduceMean|Mean|Pooling)$/,
  },
  { operator: 'Global maximum', sample: globalPool('max'), names: /^(GlobalMax\w+|ReduceMax|Max|Pooling)$/ },
  {
    operator: 'Sum',
    sample: { kind: 'add' },
    inputs: 2,
    names: /^(Add|AddV2|AddN|BiasAdd|Bias|Sum|Sub|Subtract|Average|Eltwise|Power|Rescaling)$/,
  },
  {
    operator: 'Product',
    sample: { kind: 'multiply' },
    inputs: 2,
    names: /^(Mul|Multiply|Div|RealDiv|Eltwise|Scale|Power|Rescaling)$/,
  },
  { operator: 'Concatenation', sample: { kind: 'concat', axis: 2 }, inputs: 2, names: /^Concat\w*$/ },
  {
    operator: 'Zero padding',
    sample: { kind: 'pad', padding: { top: 1, bottom: 1, left: 1, right: 1 }, value: 0 },
    names: /^(Pad|PadV2|ZeroPadding2D)$/,
  },
  { operator: 'Flatten', sample: { kind: 'flatten', order: 'chw' }, names: /^(Flatten|Reshape|Squeeze)$/ },
  {
    operator: 'Reshape',
    sample: { kind: 'reshape', shape: [2, 8, 2], order: 'chw' },
    names: /^(Reshape|Unsqueeze|Permute|Transpose)$/,
  },
  {
    operator: 'Local response normalisation',
    sample: { kind: 'localResponseNormalisation', size: 5, alpha: 1e-4, beta: 0.75, bias: 1 },
    names: /^LRN$/,
  },
  {
    operator: 'Dropout and noise, which do nothing at inference',
    sample: { kind: 'identity', origin: 'dropout' },
    names: /^(\w*Dropout\w*|GaussianNoise|ActivityRegularization|Random\w+)$/,
  },
  {
    operator: 'Identity',
    sample: { kind: 'identity', origin: 'identity' },
    names: /^(Identity|Cast|Split|StopGradient)$/,
  },
];

function groupedSample(): Operator {
  return { ...convolution(1, 4), kernel: { shape: [3, 3, 2, 4], data: new Float32Array(72) }, groups: 2 };
}

/**
 * The table of operators by format, made from the readers' own lists and by writing each operator at its smallest.
 * What a reader knows and no family claims gets a row of its own.
 */
export async function operatorTable(): Promise<OperatorTable> {
  const columns = tableColumns();
  const rows = [];
  for (const family of families) {
    const cells = columns.map((column) => familyCell(family, column));
    rows.push({ operator: family.operator, cells: await Promise.all(cells) });
  }
  const claimed = (name: string) => families.some((family) => family.names.test(name));
  const others = [...new Set(columns.flatMap(({ names }) => names.filter((name) => !claimed(name))))];
  const own = others.map((operator) => ({
    operator,
    cells: columns.map(({ names, write }) => ({
      reads: names.filter((name) => name === operator),
      writes: write && false,
    })),
  }));
  return { columns: columns.map(({ form }) => form), rows: [...rows, ...own] };
}

async function familyCell(family: Family, { names, write }: TableColumn): Promise<TableCell> {
  return {
    reads: names.filter((name) => family.names.test(name)),
    writes: write && (await canWrite(write, networkOf(family))),
  };
}

async function canWrite(write: (network: Network) => unknown, network: Network): Promise<boolean> {
  try {
    await write(network);
    return true;
  } catch (error) {
    if (error instanceof FailureError) return false;
    throw error;
  }
}

/** A network of one operator; one of two inputs reads the network's input and its ReLU. */
function networkOf({ sample, inputs, input = image }: Family): Network {
  const relu = { name: 'relu', inputs: ['in'], output: 'relu', operator: activation('relu') };
  const node = { name: 'node', inputs: inputs ? ['in', 'relu'] : ['in'], output: 'out', operator: sample };
  outputShape(node, inputs ? [input, input] : [input]);
  return {
    name: 'sample',
    input: { name: 'in', shape: input },
    outputs: ['out'],
    nodes: inputs ? [relu, node] : [node],
    metadata: {},
    source: { format: 'onnx', opset: 21, batch: 'N' },
  };
}
