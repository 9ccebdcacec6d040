import type { Activation, ActivationFunction, Operator, Tensor } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { LayerCall } from '../call';
import { found, numberIn, type JsonObject } from '../json';
import { ownValue } from '../../../../network/ownValue';

/** Slope of leaky_relu where Keras names it without one. */
const namedSlope = 0.2;

function plain(name: ActivationFunction, alpha = 0, beta = 0): Activation {
  return { kind: 'activation', function: name, alpha, beta };
}

const softmax: Operator = { kind: 'softmax' };

/** Constants of SELU, as everybody has them. */
const [seluAlpha, seluScale] = [1.6732632423543772, 1.0507009873554805];

/** Activations by their names in Keras and TF.js, in lower case without underscores. */
const named: Readonly<Record<string, readonly Operator[]>> = {
  linear: [],
  relu: [plain('relu')],
  relu6: [plain('relu6')],
  leakyrelu: [plain('leakyRelu', namedSlope)],
  elu: [plain('elu', 1)],
  celu: [plain('elu', 1)],
  selu: [plain('selu', seluAlpha, seluScale)],
  gelu: [plain('gelu')],
  gelunew: [plain('geluTanh')],
  mish: [plain('mish')],
  softsign: [plain('softsign')],
  exponential: [plain('exp')],
  exp: [plain('exp')],
  hardtanh: [plain('clip', -1, 1)],
  sigmoid: [plain('sigmoid')],
  logsigmoid: [plain('negate'), plain('softplus'), plain('negate')],
  tanh: [plain('tanh')],
  softplus: [plain('softplus')],
  swish: [plain('swish')],
  silu: [plain('swish')],
  hardswish: [plain('hardSwish')],
  hardsilu: [plain('hardSwish')],
  softmax: [softmax],
  logsoftmax: [{ kind: 'logSoftmax' }],
};

/** The operators of an activation given by name; undefined for a name that nobody knows. */
function operatorsNamed(name: string, isKeras3: boolean): readonly Operator[] | undefined {
  const key = name.toLowerCase().replace(/_/g, '');
  // Keras 3 changed what hard_sigmoid means.
  if (key === 'hardsigmoid') return [plain('hardSigmoid', isKeras3 ? 1 / 6 : 0.2, 0.5)];
  return ownValue(named, key);
}

function known(name: string, call: LayerCall): readonly Operator[] {
  return (
    operatorsNamed(name, call.context.isKeras3) ??
    cannot(`the studio does not know the activation "${name}".`)
  );
}

/** The function that a layer applies to its answer (setting `activation`). */
export function withActivation(call: LayerCall, value: string): string {
  const { name, config } = call.functionNamed('activation');
  return inARow(call, value, layerOperators(name, config) ?? known(name, call), 'activation');
}

/** Activation layers of their own, by class. */
function layerOperators(className: string, config: JsonObject): readonly Operator[] | null {
  switch (className) {
    case 'ReLU':
      return rectified(config);
    case 'LeakyReLU':
      return [plain('leakyRelu', firstNumber(config, ['negative_slope', 'alpha'], 0.3))];
    case 'ELU':
      return [plain('elu', firstNumber(config, ['alpha'], 1))];
    case 'Softmax':
      return [softmax];
    default:
      return null;
  }
}

/** The least float32: no bound at all. */
const lowest = -3.4028234663852886e38;

/** min(max_value, x > 0 ? x : slope · x). */
function rectified(config: JsonObject): readonly Operator[] {
  const slope = firstNumber(config, ['negative_slope'], 0);
  const greatest = config['max_value'] ?? null;
  if (firstNumber(config, ['threshold'], 0) !== 0)
    return cannot('its threshold is not 0; the studio knows ReLUs that begin at 0.');
  if (greatest === null) return [slope === 0 ? plain('relu') : plain('leakyRelu', slope)];
  if (typeof greatest !== 'number' || greatest <= 0)
    return cannot(`its max_value is ${found(greatest)}, expected a number above 0.`);
  if (slope !== 0) return [plain('leakyRelu', slope), plain('clip', lowest, greatest)];
  return [greatest === 6 ? plain('relu6') : plain('clip', 0, greatest)];
}

/** The first of several settings that a layer has. */
function firstNumber(config: JsonObject, keys: readonly string[], defaults: number): number {
  const value = keys.map((key) => numberIn(config[key])).find((candidate) => candidate !== null);
  const given = keys.find((key) => config[key] !== undefined && config[key] !== null);
  if (value === undefined && given !== undefined)
    return cannot(`its ${given} is ${found(config[given])}, expected a number.`);
  return value ?? defaults;
}

/** Adds operators one after the other. */
export function inARow(
  call: LayerCall,
  value: string,
  operators: readonly Operator[],
  suffix: string,
): string {
  return operators.reduce((input, operator, index) => {
    return call.emit(operator, index === 0 ? suffix : `${suffix}${index + 1}`, [input]);
  }, value);
}

/** Layer `Activation`. */
export function activationLayer(call: LayerCall): string {
  const { name, config } = call.functionNamed('activation');
  const operators = layerOperators(name, config) ?? known(name, call);
  if (operators.length === 0) return call.emit({ kind: 'identity', origin: 'identity' });
  return inARow(call, call.input, operators, '');
}

/** Layers ReLU, LeakyReLU, ELU. */
export function activationClass(call: LayerCall): string {
  const operators = layerOperators(call.layer.className, { ...call.layer.config, ...call.spec.settings });
  return inARow(call, call.input, operators!, '');
}

/** A function of its own that is an activation by name: `relu6`, `gelu`. */
export function activationFunction(name: string) {
  return (call: LayerCall): string => {
    if (name === 'gelu')
      return call.emit(plain(call.flag('approximate', call.context.isKeras3) ? 'geluTanh' : 'gelu'));
    return inARow(call, call.input, known(name, call), '');
  };
}

/** Softmax, or its logarithm, over the last axis. */
export function overLastAxis(operator: Operator) {
  return (call: LayerCall): string => {
    const given = call.setting('axis') ?? -1;
    const [axis, ...more] = [given].flat();
    if ((axis !== -1 && axis !== call.axes) || more.length > 0)
      cannot(`it works on axis ${found(given)}, expected the last one.`);
    return call.emit(operator);
  };
}

/** Layer PReLU: slopes of one shape with what it reads, 1 along shared axes. */
export function parametricLayer(call: LayerCall): string {
  const shared = call.layer.config['shared_axes'];
  const axes = shared === undefined || shared === null ? [] : [shared].flat();
  const shape = call.shape().map((extent, axis) => (axes.includes(axis + 1) ? 1 : extent));
  const [alpha] = call.weights([{ names: ['alpha'], shape }]);
  const [slope = 0] = alpha!.data;
  const isOne = alpha!.data.every((value) => value === slope);
  return call.emit(
    isOne ? plain('leakyRelu', slope) : { kind: 'parametricRelu', slopes: withoutOnes(alpha!) },
  );
}

/** Slopes without the axes in front that all values share: [1, 1, C] is one per channel. */
function withoutOnes({ shape, data }: Tensor): Tensor {
  const first = shape.findIndex((extent) => extent !== 1);
  return { shape: shape.slice(first), data };
}
