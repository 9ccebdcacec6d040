import type { Activation, ActivationFunction, Operator } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { LayerCall } from '../call';
import { found, numberIn, type JsonObject } from '../json';

/** One step of an activation: an operator on the value before, or a factor or summand for all of it. */
export type Step = Operator | NumberStep;

interface NumberStep {
  readonly kind: 'factor' | 'summand';
  readonly value: number;
}

function isNumberStep(step: Step): step is NumberStep {
  return step.kind === 'factor' || step.kind === 'summand';
}

/** Slope of leaky_relu where Keras names it without one. */
const namedSlope = 0.2;

function plain(name: ActivationFunction, alpha = 0, beta = 0): Activation {
  return { kind: 'activation', function: name, alpha, beta };
}

const softmax: Operator = { kind: 'softmax' };

/** Activations by their names in Keras and TF.js, in lower case without underscores. */
const named: Readonly<Record<string, readonly Step[]>> = {
  linear: [],
  relu: [plain('relu')],
  relu6: [plain('relu6')],
  leakyrelu: [plain('leakyRelu', namedSlope)],
  elu: [plain('elu', 1)],
  sigmoid: [plain('sigmoid')],
  tanh: [plain('tanh')],
  softplus: [plain('softplus')],
  swish: [plain('swish')],
  silu: [plain('swish')],
  hardswish: [plain('hardSwish')],
  hardsilu: [plain('hardSwish')],
  softmax: [softmax],
};

/** The steps of an activation given by name. */
function stepsNamed(name: string, isKeras3: boolean): readonly Step[] {
  const key = name.toLowerCase().replace(/_/g, '');
  // Keras 3 changed what hard_sigmoid means.
  if (key === 'hardsigmoid') return [plain('hardSigmoid', isKeras3 ? 1 / 6 : 0.2, 0.5)];
  return named[key] ?? cannot(`the studio does not know the activation "${name}".`);
}

/** The function that a layer applies to its answer (setting `activation`). */
export function withActivation(call: LayerCall, value: string): string {
  const { name, config } = call.functionNamed('activation');
  const steps = layerSteps(name, config) ?? stepsNamed(name, call.context.isKeras3);
  return applySteps(call, value, steps, 'activation');
}

/** Activation layers of their own, by class. */
function layerSteps(className: string, config: JsonObject): readonly Step[] | null {
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

function rectified(config: JsonObject): readonly Step[] {
  const slope = firstNumber(config, ['negative_slope'], 0);
  const greatest = config['max_value'] ?? null;
  if (firstNumber(config, ['threshold'], 0) !== 0) return cannot('its threshold is not 0.');
  if (greatest === null) return [slope === 0 ? plain('relu') : plain('leakyRelu', slope)];
  if (typeof greatest !== 'number' || greatest <= 0 || slope !== 0)
    return cannot(`its max_value is ${found(greatest)} and its slope ${slope}.`);
  if (greatest === 6) return [plain('relu6')];
  const unit = plain('hardSigmoid', 1 / greatest, 0);
  return greatest === 1 ? [unit] : [unit, { kind: 'factor', value: greatest }];
}

/** The first of several settings that a layer has. */
function firstNumber(config: JsonObject, keys: readonly string[], defaults: number): number {
  const value = keys.map((key) => numberIn(config[key])).find((candidate) => candidate !== null);
  const given = keys.find((key) => config[key] !== undefined && config[key] !== null);
  if (value === undefined && given !== undefined)
    return cannot(`its ${given} is ${found(config[given])}, expected a number.`);
  return value ?? defaults;
}

/** Adds the steps one after the other. */
export function applySteps(call: LayerCall, value: string, steps: readonly Step[], suffix: string): string {
  return steps.reduce((input, step, index) => {
    const place = index === 0 ? suffix : `${suffix}${index + 1}`;
    if (isNumberStep(step)) return applyNumber(call, input, step, place);
    return call.emit(step, place, [input]);
  }, value);
}

function applyNumber(call: LayerCall, input: string, { kind, value }: NumberStep, suffix: string): string {
  const tensor = { shape: [1], data: Float32Array.of(value) };
  const constant = call.emit({ kind: 'constant', value: tensor }, `${suffix}/${kind}`, []);
  return call.emit({ kind: kind === 'factor' ? 'multiply' : 'add' }, suffix, [input, constant]);
}

/** Layer `Activation`. */
export function activationLayer(call: LayerCall): string {
  const { name, config } = call.functionNamed('activation');
  const steps = layerSteps(name, config) ?? stepsNamed(name, call.context.isKeras3);
  if (steps.length === 0) return call.emit({ kind: 'identity', origin: 'identity' });
  return applySteps(call, call.input, steps, '');
}

/** Layers ReLU, LeakyReLU, ELU. */
export function activationClass(call: LayerCall): string {
  const steps = layerSteps(call.layer.className, call.layer.config);
  return applySteps(call, call.input, steps ?? cannot('the studio does not know it.'), '');
}

/** Layer Softmax, over channels. */
export function softmaxLayer(call: LayerCall): string {
  const axis = call.number('axis', -1);
  if (axis !== -1 && axis !== call.shape().length) cannot(`it works on axis ${axis}, expected the last one.`);
  return call.emit(softmax);
}

/** Layer PReLU whose slopes are all the same. */
export function parametricLayer(call: LayerCall): string {
  const shared = call.layer.config['shared_axes'];
  const axes = Array.isArray(shared) ? (shared as unknown[]) : [];
  const shape = call.shape().map((extent, axis) => (axes.includes(axis + 1) ? 1 : extent));
  const [alpha] = call.weights([{ names: ['alpha'], shape }]);
  const slope = alpha!.data[0] ?? 0;
  if (alpha!.data.some((value) => value !== slope))
    cannot('its slopes differ; the studio knows one slope per layer.');
  return call.emit(plain('leakyRelu', slope));
}
