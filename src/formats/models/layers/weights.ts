import { fail } from '../../../network/failure';
import type { Shape, Stored, Tensor } from '../../../network/graph';
import { shapeText } from '../../../network/shapes';
import type { LayerSpec } from './spec';

/** A tensor in a file, read when it is asked for. */
export interface StoredTensor {
  readonly shape: Shape;
  readonly read: () => Float32Array;
  /** What the file holds in fewer bits, where a layer's weights can be written so again. */
  readonly form?: StoredForm;
}

/** What floats are made of in a file; to the bit. */
export interface StoredForm {
  /** The axis along which scales differ; null where there is one, or none. */
  readonly axis: number | null;
  readonly stored: () => Stored;
}

/** A tensor with the form that the file holds it in, where scales do not differ along an axis but the last. */
export function tensorOf({ shape, read, form }: StoredTensor, data = read()): Tensor {
  const isUsual = form && (form.axis === null || form.axis === shape.length - 1);
  return isUsual ? { shape, data, stored: form.stored() } : { shape, data };
}

/** The same numbers in as many axes, or in others with as many outputs: scales lie along the last one. */
export function reshapedTensor({ data, stored }: Tensor, shape: Shape): Tensor {
  const isUsual = stored && (stored.type === 'float16' || [1, shape.at(-1)].includes(stored.scales.length));
  return isUsual ? { shape, data, stored } : { shape, data };
}

/** One step from a model to a layer in it: which of its layers. */
export interface LayerStep {
  readonly siblings: readonly LayerSpec[];
  readonly index: number;
}

/** A weight that a layer needs, by the names that frameworks give it; in Keras's own order. */
export interface WantedWeight {
  readonly names: readonly string[];
  readonly shape: Shape;
}

/** Finds the weights of a layer in what a file holds. */
export interface WeightSource {
  /** One entry per wanted weight, null where the file has none. */
  readonly find: (
    path: readonly LayerStep[],
    wanted: readonly WantedWeight[],
  ) => readonly (StoredTensor | null)[];
}

/** Layers of a path from the outermost inwards. */
function layersOf(path: readonly LayerStep[]): readonly LayerSpec[] {
  return path.map(({ siblings, index }) => siblings[index]!);
}

/**
 * Weights by names or by paths: `conv/kernel:0`, perhaps behind names of models, or `layers/conv2d/vars/0`.
 *
 * @param layerNames layer names by the path of their group, where the file notes them (Keras 3)
 */
export function weightSource(
  tensors: ReadonlyMap<string, StoredTensor>,
  layerNames: ReadonlyMap<string, string> = new Map(),
): WeightSource {
  const isByPath = [...tensors.keys()].some((name) => pathPattern.test(name));
  return isByPath ? new WeightsByPath(tensors, layerNames) : new WeightsByName(tensors);
}

const pathPattern = /(^|\/)vars\/\d+$/;

/** Names such as `sequential/conv2d/kernel:0`; a nested model's name may stand in front or be left out. */
class WeightsByName implements WeightSource {
  private readonly bySuffix = new Map<string, string[]>();
  private readonly byFirst = new Map<string, string[]>();

  constructor(private readonly tensors: ReadonlyMap<string, StoredTensor>) {
    for (const name of tensors.keys()) {
      const segments = name.replace(/:\d+$/, '').split('/');
      for (let from = 0; from < segments.length - 1; from++) {
        append(this.bySuffix, segments.slice(from).join('/'), name);
      }
      append(this.byFirst, segments[0]!, name);
    }
  }

  find(path: readonly LayerStep[], wanted: readonly WantedWeight[]): readonly (StoredTensor | null)[] {
    const layers = layersOf(path).map(({ name }) => name);
    const named = wanted.map((weight) => this.named(layers, weight));
    if (path.length > 1 || named.every((tensor) => tensor !== null)) return named;
    // Old files give a layer's weights names of their own; their order in the layer's group still holds.
    const inOrder = this.byFirst.get(layers[0]!) ?? [];
    return inOrder.length === wanted.length ? inOrder.map((name) => this.tensors.get(name)!) : named;
  }

  private named(layers: readonly string[], { names }: WantedWeight): StoredTensor | null {
    const candidates = names.flatMap((name) => this.bySuffix.get(`${layers.at(-1)}/${name}`) ?? []);
    const score = (candidate: string) => {
      const segments = candidate.split('/');
      return layers.filter((layer) => segments.includes(layer)).length;
    };
    const [best] = [...candidates].sort((a, b) => score(b) - score(a));
    return best === undefined ? null : this.tensors.get(best)!;
  }
}

/** Paths such as `layers/functional/layers/conv2d_1/vars/0`: groups are called after classes and counted. */
class WeightsByPath implements WeightSource {
  private readonly groups: ReadonlySet<string>;

  constructor(
    private readonly tensors: ReadonlyMap<string, StoredTensor>,
    private readonly layerNames: ReadonlyMap<string, string>,
  ) {
    const groups = new Set<string>();
    for (const name of tensors.keys()) {
      const segments = name.split('/');
      for (let to = 1; to < segments.length; to++) groups.add(segments.slice(0, to).join('/'));
    }
    this.groups = groups;
  }

  find(path: readonly LayerStep[], wanted: readonly WantedWeight[]): readonly (StoredTensor | null)[] {
    const group = path.reduce<string | null>((at, step) => (at === null ? null : this.groupIn(at, step)), '');
    return wanted.map((_, index) => this.tensors.get(`${group}/vars/${index}`) ?? null);
  }

  /** The group of a layer inside the group of its model. */
  private groupIn(model: string, { siblings, index }: LayerStep): string | null {
    const inside = (name: string) => (model === '' ? name : `${model}/${name}`);
    const containers = ['layers', '_layer_checkpoint_dependencies', 'layer_checkpoint_dependencies'];
    // TF.js files may leave the container's name out.
    const container = containers.map(inside).find((name) => this.groups.has(name)) ?? model;
    const children = this.children(container);
    const { name, className } = siblings[index]!;
    const noted = children.filter((child) => this.layerNames.get(child) === name);
    if (noted.length === 1) return noted[0]!;
    const groupName = groupNameOf(className);
    const same = siblings.filter((sibling) => groupNameOf(sibling.className) === groupName);
    const position = same.indexOf(siblings[index]!);
    const counted = countedGroups(children, groupName);
    if (counted.length === same.length) return counted[position]!;
    const direct = children.find((child) => lastSegment(child) === numbered(groupName, position));
    return direct ?? children.find((child) => lastSegment(child) === name) ?? null;
  }

  private children(container: string): readonly string[] {
    const prefix = container === '' ? '' : `${container}/`;
    return [...this.groups].filter(
      (group) => group.startsWith(prefix) && !group.slice(prefix.length).includes('/'),
    );
  }
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Groups called `conv2d`, `conv2d_1`, `conv2d_2`, … in the order of their numbers. */
function countedGroups(groups: readonly string[], name: string): readonly string[] {
  const numberOf = (group: string) => {
    const last = lastSegment(group);
    if (last === name) return 0;
    return last.startsWith(`${name}_`) ? Number(last.slice(name.length + 1)) : NaN;
  };
  return groups.filter((group) => numberOf(group) >= 0).sort((a, b) => numberOf(a) - numberOf(b));
}

/** The group name that Keras gives the layer of a class at a position among its like. */
export function countedName(className: string, position: number): string {
  return numbered(groupNameOf(className), position);
}

function numbered(name: string, position: number): string {
  return position === 0 ? name : `${name}_${position}`;
}

/** Groups are called after the class of the object, and a Model that is made from layers is a Functional. */
function groupNameOf(className: string): string {
  return snakeCase(className === 'Model' ? 'Functional' : className);
}

/** Keras's way from a class's name to a variable's: `DepthwiseConv2D` → `depthwise_conv2d`. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/**
 * The wanted weights of a layer.
 * @throws FailureError `unreadable-file` where one is missing or has another shape
 */
export function takeWeights(
  source: WeightSource,
  path: readonly LayerStep[],
  wanted: readonly WantedWeight[],
): readonly Tensor[] {
  const layer = layersOf(path)
    .map(({ name }) => name)
    .join('/');
  return source.find(path, wanted).map((stored, index) => {
    const { names, shape } = wanted[index]!;
    const expected = `layer "${layer}": expected its ${names[0]} of shape ${shapeText(shape)}`;
    if (!stored) return fail('unreadable-file', `${expected}, found no such weight; export it with weights.`);
    const fits =
      stored.shape.length === shape.length && stored.shape.every((extent, axis) => extent === shape[axis]);
    if (!fits)
      return fail(
        'unreadable-file',
        `${expected}, found ${shapeText(stored.shape)}; save weights and layers together again.`,
      );
    return tensorOf(stored);
  });
}
