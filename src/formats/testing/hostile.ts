import type { NamedFile } from '../file';

/** Files as somebody would make them who means harm, of any size that is asked for. */

const text = new TextEncoder();

export function textFile(name: string, content: string): NamedFile {
  return { name, bytes: text.encode(content) };
}

/** A picture of one pixel (PNG). */
export const onePixel = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
);

/** Lists in lists, so many deep. */
export function nestedLists(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function inputLayer(name = 'in') {
  return {
    class_name: 'InputLayer',
    name,
    config: { name, batch_input_shape: [null, 4] },
    inbound_nodes: [],
  };
}

export function layersModel(topology: object): NamedFile {
  const model = { format: 'layers-model', modelTopology: topology, weightsManifest: [] };
  return textFile('model.json', JSON.stringify(model));
}

/** A Sequential model of so many activations. */
export function sequentialChain(count: number): NamedFile {
  const relus = Array.from({ length: count }, (_, index) => ({
    class_name: 'ReLU',
    config: { name: `r${index}` },
  }));
  return layersModel({ class_name: 'Sequential', config: { name: 's', layers: [inputLayer(), ...relus] } });
}

function functional(count: number) {
  const relus = Array.from({ length: count }, (_, index) => ({
    class_name: 'ReLU',
    name: `r${index}`,
    config: { name: `r${index}` },
    inbound_nodes: [[[index === 0 ? 'in' : `r${index - 1}`, 0, 0, {}]]],
  }));
  const layers = [inputLayer(), ...relus];
  const output = [`r${count - 1}`, 0, 0];
  const config = { name: 'm', layers, input_layers: [['in', 0, 0]], output_layers: [output] };
  return { class_name: 'Functional', config };
}

/** A Functional model of so many activations. */
export function functionalChain(count: number): NamedFile {
  return layersModel(functional(count));
}

/** Models in models, each of which calls the one in it so often: a small file of calls ^ depth calls. */
export function nestedModels(depth: number, calls: number): NamedFile {
  let model = functional(1);
  for (let level = 0; level < depth; level++) {
    const inbound = Array.from({ length: calls }, (_, index) => [
      [index === 0 ? 'in' : 'inner', Math.max(0, index - 1), 0, {}],
    ]);
    const layers = [inputLayer(), { ...model, name: 'inner', inbound_nodes: inbound }];
    const output_layers = [['inner', calls - 1, 0]];
    model = {
      class_name: 'Functional',
      config: { name: 'm', layers: layers as never, input_layers: [['in', 0, 0]], output_layers },
    };
  }
  return layersModel(model);
}

/** A GraphModel of so many activations, with more in the attributes of its nodes. */
export function graphChain(count: number, attributes: object = {}): NamedFile {
  const shape = { shape: { dim: [{ size: '-1' }, { size: '4' }] } };
  const relus = Array.from({ length: count }, (_, index) => ({
    name: `r${index}`,
    op: 'Relu',
    input: [index === 0 ? 'x' : `r${index - 1}`],
    attr: attributes,
  }));
  const node = [{ name: 'x', op: 'Placeholder', attr: { shape } }, ...relus];
  const model = { format: 'graph-model', modelTopology: { node }, weightsManifest: [] };
  return textFile('model.json', JSON.stringify(model));
}

/** A Caffe net of so many activations, each of which writes what it reads, or a value of its own. */
export function caffeChain(count: number, isInPlace: boolean, head = ''): readonly NamedFile[] {
  const layer = (index: number) => {
    const bottom = isInPlace || index === 0 ? 'data' : `r${index - 1}`;
    const top = isInPlace ? 'data' : `r${index}`;
    return `layer { name: "r${index}" type: "ReLU" bottom: "${bottom}" top: "${top}" }`;
  };
  const input = 'input: "data" input_dim: 1 input_dim: 4 input_dim: 1 input_dim: 1';
  const layers = Array.from({ length: count }, (_, index) => layer(index));
  // One layer with the name "r0" and the type "ReLU", without weights.
  const weights = Uint8Array.of(0xa2, 0x06, 10, 0x0a, 2, 0x72, 0x30, 0x12, 4, 0x52, 0x65, 0x4c, 0x55);
  return [
    textFile('n.prototxt', [input, head, ...layers].join('\n')),
    { name: 'n.caffemodel', bytes: weights },
  ];
}
