import { seededNumbers } from '../../../../../network/testing/builders';

/** A node as TensorFlow's graphs have it in JSON. */
export interface JsonNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, object>>;
}

/** Attributes as protobuf's JSON writes them. */
export const attribute = {
  text: (text: string) => ({ s: btoa(text) }),
  integers: (...values: number[]) => ({ list: { i: values.map(String) } }),
  texts: (...values: string[]) => ({ list: { s: values.map((value) => btoa(value)) } }),
  flag: (b: boolean) => ({ b }),
  number: (f: number) => ({ f }),
  float: { type: 'DT_FLOAT' },
};

/** Builds a graph node by node, weights of seeded numbers among them. */
export class GraphBuilder {
  readonly nodes: JsonNode[] = [];
  private readonly numbers = seededNumbers(11);
  private readonly weights: {
    name: string;
    shape: readonly number[];
    dtype: string;
    values: ArrayBufferView;
  }[] = [];

  constructor(readonly inputShape: readonly number[]) {
    const dim = [-1, ...inputShape].map((size) => ({ size: String(size) }));
    this.add('Placeholder', 'x', [], { shape: { shape: { dim } }, dtype: attribute.float });
  }

  add(op: string, name: string, input: readonly string[], attr: JsonNode['attr'] = {}): string {
    this.nodes.push({ name, op, input, attr: { T: attribute.float, ...attr } });
    return name;
  }

  /** A constant of small numbers, those of variances positive. */
  weight(name: string, ...shape: number[]): string {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const values = this.numbers
      .values(size)
      .map((value) => (name.includes('var') ? 0.5 + Math.abs(value) : value / 2));
    return this.constant(name, shape, 'float32', values);
  }

  /** A constant number. */
  scalar(name: string, value: number): string {
    return this.constant(name, [], 'float32', Float32Array.of(value));
  }

  integers(name: string, ...values: number[]): string {
    return this.constant(name, [values.length], 'int32', Int32Array.from(values));
  }

  integer(name: string, value: number): string {
    return this.constant(name, [], 'int32', Int32Array.of(value));
  }

  /** Paddings of an image: 1 above, 2 below, 0 to the left, 3 to the right. */
  weightPads(name: string): string {
    return this.constant(name, [4, 2], 'int32', Int32Array.of(0, 0, 1, 2, 0, 3, 0, 0));
  }

  private constant(name: string, shape: readonly number[], dtype: string, values: ArrayBufferView): string {
    this.weights.push({ name, shape, dtype, values });
    return this.add('Const', name, [], { dtype: { type: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' } });
  }

  /** model.json as an object, answering with one value. */
  json(output: string): object {
    const dim = [-1, ...this.inputShape].map((size) => ({ size: String(size) }));
    return {
      format: 'graph-model',
      generatedBy: '2.16.1',
      modelTopology: { node: this.nodes, versions: { producer: 1766 } },
      signature: {
        inputs: { x: { name: 'x:0', dtype: 'DT_FLOAT', tensorShape: { dim } } },
        outputs: { scores: { name: `${output}:0`, dtype: 'DT_FLOAT' } },
      },
      weightsManifest: [
        {
          paths: ['group1-shard1of1.bin'],
          weights: this.weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
        },
      ],
    };
  }

  /** The bytes of the one shard. */
  shard(): Uint8Array {
    const parts = this.weights.map(
      ({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => {
      bytes.set(part, at);
      return at + part.length;
    }, 0);
    return bytes;
  }

  files(output: string, change: (json: object) => object = (json) => json) {
    const text = JSON.stringify(change(this.json(output)));
    return [
      { name: 'model.json', bytes: new TextEncoder().encode(text) },
      { name: 'group1-shard1of1.bin', bytes: this.shard() },
    ];
  }
}
