import type { Activation } from '../../../network/graph';
import type { StoredTensor } from '../layers/weights';
import { turnedTensor } from './tensors';
import { cannot } from '../onnx/context';
import { ActivationFunctionType, Padding, type OperatorT } from './generated/tflite';

/** Options of an operator by name, whichever of the options' tables the file has. */
type Options = Readonly<Record<string, unknown>>;

/** An operator of a file while it is translated. */
export class SourceOperator {
  private readonly options: Options;

  /**
   * @param inputs names of the values that it reads
   * @param constants by name; what the operator's options say is added to them
   */
  constructor(
    operator: OperatorT,
    readonly name: string,
    readonly inputs: readonly string[],
    private readonly constants: Map<string, StoredTensor>,
  ) {
    this.options = (operator.builtinOptions ?? {}) as unknown as Options;
  }

  number(key: string, defaults = 0): number {
    const value = this.options[key];
    return typeof value === 'number' ? value : defaults;
  }

  flag(key: string): boolean {
    return this.options[key] === true;
  }

  numbers(key: string): readonly number[] {
    const value = this.options[key];
    return Array.isArray(value) ? (value as readonly number[]) : [];
  }

  /** [1, height, width, 1] of two options. */
  window(height: string, width: string): readonly number[] {
    return [1, this.number(height), this.number(width), 1];
  }

  padding(): string {
    return this.number('padding') === Padding.SAME ? 'SAME' : 'VALID';
  }

  /** Name of a constant that holds whole numbers. */
  integers(what: string, values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant(`${this.name}, ${what}`, { shape, read: () => Float32Array.from(values) });
  }

  /** Name of an input with its axes in another order; a computed one is left as it is. */
  turned(index: number, order: readonly number[]): readonly string[] {
    const name = this.inputs[index];
    const stored = name === undefined ? undefined : this.constants.get(name);
    if (name === undefined || !stored || stored.shape.length !== order.length)
      return name === undefined ? [] : [name];
    return [this.constant(`${name}, axes ${order.join(' ')}`, turnedTensor(stored, order))];
  }

  /** The activation behind it, where it has one. */
  fused(): readonly Activation[] {
    const plain = { kind: 'activation', alpha: 0, beta: 0 } as const;
    switch (this.number('fusedActivationFunction')) {
      case ActivationFunctionType.NONE:
        return [];
      case ActivationFunctionType.RELU:
        return [{ ...plain, function: 'relu' }];
      case ActivationFunctionType.RELU6:
        return [{ ...plain, function: 'relu6' }];
      case ActivationFunctionType.RELU_N1_TO_1:
        return [{ ...plain, function: 'clip', alpha: -1, beta: 1 }];
      default:
        // LiteRT passes over a tanh that is fused.
        return cannot('its fused activation is not one that runtimes compute; convert the network again.');
    }
  }

  /** The same constant for all who ask for it, so that its weights are the same ones. */
  private constant(name: string, stored: StoredTensor): string {
    if (!this.constants.has(name)) this.constants.set(name, stored);
    return name;
  }
}
