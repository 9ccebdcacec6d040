import type { Activation } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { LayerCall, LayerConverter } from '../call';
import { numberIn } from '../json';
import { activationFunction, overLastAxis } from './activations';
import { combine, passing, unary } from './arithmetic';
import { reduction } from './pooling';
import { indexed, transposed } from './rearranging';
import { concatenate, expandAxes, reshapeFunction, squeeze } from './shaping';

/** Functions of one value by the last part of their name in TensorFlow and Keras. */
const unaries: Readonly<Record<string, Activation['function']>> = {
  abs: 'abs',
  absolute: 'abs',
  erf: 'erf',
  exp: 'exp',
  log: 'log',
  neg: 'negate',
  negative: 'negate',
  reciprocal: 'reciprocal',
  sqrt: 'sqrt',
  square: 'square',
};

const activations = [
  ...['relu', 'relu6', 'sigmoid', 'tanh', 'softplus', 'softsign', 'silu', 'swish', 'gelu', 'selu', 'elu'],
  ...['mish', 'hard_sigmoid', 'hard_silu', 'hard_swish', 'hard_tanh', 'log_sigmoid', 'leaky_relu'],
];

const combinations = {
  add: 'add',
  subtract: 'subtract',
  sub: 'subtract',
  multiply: 'multiply',
  mul: 'multiply',
  divide: 'divide',
  truediv: 'divide',
  true_divide: 'divide',
  realdiv: 'divide',
  maximum: 'maximum',
  minimum: 'minimum',
  pow: 'power',
  power: 'power',
} as const;

/** min(greatest, max(least, x)), the bounds by name or in order. */
function clipped(call: LayerCall): string {
  const written = call.operands.flatMap((operand) => (typeof operand === 'string' ? [] : [operand.value]));
  const bound = (names: readonly string[], place: number) => {
    const given = names.map((name) => call.setting(name)).find((value) => value !== undefined);
    return numberIn(given ?? written[place]) ?? cannot('its bounds are no numbers.');
  };
  const [alpha, beta] = [bound(['clip_value_min', 'x_min'], 0), bound(['clip_value_max', 'x_max'], 1)];
  return call.emit({ kind: 'activation', function: 'clip', alpha, beta });
}

const identity = passing('identity');

/** What functions without weights compute, by the last part of their name: `math.add` and `ops.numpy.Add` are `add`. */
const functions: ReadonlyMap<string, LayerConverter> = new Map<string, LayerConverter>([
  ...Object.entries(unaries).map(([name, own]): [string, LayerConverter] => [name, unary(own)]),
  ...activations.map((name): [string, LayerConverter] => [name, activationFunction(name)]),
  ...Object.entries(combinations).map(([name, own]): [string, LayerConverter] => [name, combine(own)]),
  ['cast', identity],
  ['clip', clipped],
  ['clip_by_value', clipped],
  ['concat', concatenate],
  ['concatenate', concatenate],
  ['convert_to_tensor', identity],
  ['expand_dims', expandAxes],
  ['getitem', indexed],
  ['get_item', indexed],
  ['identity', identity],
  ['log_softmax', overLastAxis({ kind: 'logSoftmax' })],
  ['max', reduction('max')],
  ['mean', reduction('mean')],
  ['min', reduction('min')],
  ['reduce_max', reduction('max')],
  ['reduce_mean', reduction('mean')],
  ['reduce_min', reduction('min')],
  ['reduce_sum', reduction('sum')],
  ['reshape', reshapeFunction],
  ['softmax', overLastAxis({ kind: 'softmax' })],
  ['squeeze', squeeze],
  ['stop_gradient', identity],
  ['sum', reduction('sum')],
  ['transpose', transposed],
]);

/** A function by its name in TensorFlow, such as `math.multiply`, or that of its class in Keras 3, `Multiply`. */
export function functionNamed(name: string): LayerConverter | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const key = last
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/_v\d+$/, '');
  return functions.get(key);
}

/** TFOpLambda and SlicingOpLambda: a function of TensorFlow among the layers of Keras 2. */
export function functionLayer(call: LayerCall): string | readonly string[] {
  const name = call.text('function', call.layer.className === 'SlicingOpLambda' ? 'getitem' : '');
  const convert = functionNamed(name) ?? cannot('the studio does not know this function of TensorFlow.');
  return convert(call);
}
