import * as wasm from '../../linalg/wasm/assembler';
import { planes, tilesPerBlock, type Geometry } from './geometry';
import {
  alongBothAxes,
  tileOutputs,
  tileSide,
  transformInputs,
  transformOutputs,
  type Arithmetic,
} from './tile';

const { get, set, load, store, repeat, advance, sequence } = wasm;
const [float, lanes] = [4, 4];
const vectorBytes = float * lanes;
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Activations that the last step applies. */
export type Clamp = 'none' | 'relu' | 'relu6';

/** What is done to the convolution's outputs before they are written. */
export interface Epilogue {
  /** Whether another value of the same shape is added. */
  readonly adds: boolean;
  readonly clamp: Clamp;
}

/** Functions of a convolution; all take addresses in bytes. */
export interface Program {
  /** Copies an image into the middle of a padded one. */
  pad(image: number, padded: number): void;
  /** Transforms a strip of tiles; `padded` is the strip's first row, `planes` the strip's place in plane 0. */
  transformInputs(padded: number, planes: number): void;
  /** Multiplies every plane of transformed inputs with the kernel's. */
  multiply(inputs: number, kernel: number, products: number): void;
  /** Writes a strip of outputs, all that is to be done to them included; `addend` lies like the strip. */
  transformOutputs(products: number, strip: number, bias: number, addend: number): void;
}

/** Outputs that the matrix product computes side by side. */
export function panelWidth(outputs: number): number {
  return outputs % (2 * lanes) === 0 ? 2 * lanes : lanes;
}

/**
 * The WebAssembly module of a convolution, made for its sizes: with them written into the code there is no
 * arithmetic of addresses left in the inner loops.
 *
 * @param fused whether to use the fused multiply-add of relaxed SIMD, which not every browser has
 */
export function programBytes(
  geometry: Geometry,
  epilogue: Epilogue,
  fused: boolean,
): Uint8Array<ArrayBuffer> {
  return wasm.assemble([
    padFunction(geometry),
    inputFunction(geometry),
    multiplyFunction(geometry, fused),
    outputFunction(geometry, epilogue),
  ]);
}

function padFunction({
  height,
  width,
  inputs,
  padding,
  paddedWidth,
  paddedBytes,
}: Geometry): wasm.WasmFunction {
  const locals = new wasm.Locals(2);
  const [image, padded, row] = [0, 1, locals.integer()];
  const pixel = inputs * float;
  const body = sequence(
    wasm.fillMemory(get(padded), paddedBytes),
    advance(padded, (padding.top * paddedWidth + padding.left) * pixel),
    repeat(
      row,
      height,
      sequence(
        wasm.copyMemory(get(padded), get(image), width * pixel),
        advance(padded, paddedWidth * pixel),
        advance(image, width * pixel),
      ),
    ),
  );
  return { name: 'pad', locals, body };
}

/** Collects statements; every intermediate result gets a local of its own, registers are the engine's business. */
class VectorCode implements Arithmetic<wasm.Code> {
  readonly statements: wasm.Code[] = [];

  constructor(private readonly locals: wasm.Locals) {}

  name(value: wasm.Code): wasm.Code {
    const local = this.locals.vector();
    this.statements.push(set(local, value));
    return get(local);
  }

  readonly plus = (a: wasm.Code, b: wasm.Code) => this.name(wasm.add(a, b));
  readonly minus = (a: wasm.Code, b: wasm.Code) => this.name(wasm.subtract(a, b));
  readonly times = (a: wasm.Code, factor: number) => this.name(wasm.multiply(a, wasm.splat(factor)));
}

/** Four channels of one tile at a time: load 6×6 pixels, transform, one vector to every plane. */
function inputFunction({ inputs, tilesPerStrip, paddedWidth, inputPlane }: Geometry): wasm.WasmFunction {
  const locals = new wasm.Locals(2);
  const [source, target, tile, channel] = [0, 1, locals.integer(), locals.integer()];
  const code = new VectorCode(locals);
  const pixels = range(tileSide).map((y) =>
    range(tileSide).map((x) => code.name(load(get(source), (y * paddedWidth + x) * inputs * float))),
  );
  const factors = alongBothAxes((line) => transformInputs(code, line), pixels).flat();
  const transformed = sequence(
    ...code.statements,
    ...factors.map((value, plane) => store(get(target), value, plane * inputPlane)),
  );
  const step = sequence(advance(source, vectorBytes), advance(target, vectorBytes));
  const body = repeat(
    tile,
    tilesPerStrip,
    sequence(
      repeat(channel, inputs / lanes, sequence(transformed, step)),
      advance(source, (tileOutputs - 1) * inputs * float),
    ),
  );
  return { name: 'transformInputs', locals, body };
}

/** The other way round, then the sums with bias and addend, and the activation. */
function outputFunction(
  { outputs, tilesPerStrip, outputPlane }: Geometry,
  { adds, clamp }: Epilogue,
): wasm.WasmFunction {
  const locals = new wasm.Locals(4);
  const [source, target, bias, addend] = [0, 1, 2, 3];
  const [tile, channel] = [locals.integer(), locals.integer()];
  const code = new VectorCode(locals);
  const pixel = outputs * float;
  const products = range(tileSide).map((y) =>
    range(tileSide).map((x) => code.name(load(get(source), (y * tileSide + x) * outputPlane))),
  );
  const sums = alongBothAxes((line) => transformOutputs(code, line), products);
  const offset = code.name(load(get(bias)));
  const stores = sums.flatMap((row, y) =>
    row.map((value, x) => {
      const place = (y * tilesPerStrip * tileOutputs + x) * pixel;
      const biased = wasm.add(value, offset);
      const sum = adds ? wasm.add(biased, load(get(addend), place)) : biased;
      return store(get(target), clamped(sum, clamp), place);
    }),
  );
  const step = sequence(...[source, target, bias, addend].map((pointer) => advance(pointer, vectorBytes)));
  const nextTile = (tileOutputs - 1) * pixel;
  const body = repeat(
    tile,
    tilesPerStrip,
    sequence(
      repeat(channel, outputs / lanes, sequence(...code.statements, ...stores, step)),
      advance(target, nextTile),
      advance(addend, nextTile),
      advance(bias, -pixel),
    ),
  );
  return { name: 'transformOutputs', locals, body };
}

function clamped(value: wasm.Code, clamp: Clamp): wasm.Code {
  if (clamp === 'none') return value;
  const positive = wasm.greater(wasm.splat(0), value);
  return clamp === 'relu' ? positive : wasm.lesser(wasm.splat(6), positive);
}

/**
 * products[plane] = inputs[plane] · kernel[plane], in blocks of 4 tiles × 8 outputs that stay in registers. The
 * kernel lies in the order in which it is read: [plane, panel, input, output of the panel].
 *
 * The innermost loop takes one channel at a time: V8 moves all loads of a loop's body before its arithmetic, so
 * that of a longer one (four channels and more) the registers overflow and half of the speed is lost.
 */
function multiplyFunction(geometry: Geometry, fused: boolean): wasm.WasmFunction {
  const { inputs, outputs, tiles, inputPlane, outputPlane } = geometry;
  const locals = new wasm.Locals(3);
  const [source, kernel, target] = [0, 1, 2];
  const [plane, panel, block, a, c] = range(5).map(() => locals.integer()) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const width = panelWidth(outputs);
  const oneBlock = sequence(
    blockProduct(locals, { a, b: kernel, c }, geometry, fused),
    advance(a, tilesPerBlock * inputs * float),
    advance(c, tilesPerBlock * outputs * float),
  );
  const onePanel = sequence(
    set(a, get(source)),
    set(c, get(target)),
    repeat(block, tiles / tilesPerBlock, oneBlock),
    advance(kernel, inputs * width * float),
    advance(target, width * float),
  );
  const onePlane = sequence(
    repeat(panel, outputs / width, onePanel),
    advance(source, inputPlane),
    advance(target, outputPlane - outputs * float),
  );
  return { name: 'multiply', locals, body: repeat(plane, planes, onePlane) };
}

/** Addresses of a block of the factors and of their product. */
interface BlockAddresses {
  readonly a: wasm.Local;
  readonly b: wasm.Local;
  readonly c: wasm.Local;
}

/** c = a · b for 4 tiles and a panel of outputs. */
function blockProduct(
  locals: wasm.Locals,
  { a, b, c }: BlockAddresses,
  { inputs, outputs }: Geometry,
  fused: boolean,
): wasm.Code {
  const [channel, left, right] = [locals.integer(), locals.integer(), locals.integer()];
  const columns = range(panelWidth(outputs) / lanes);
  const sums = range(tilesPerBlock).map(() => columns.map(() => locals.vector()));
  const weights = columns.map(() => locals.vector());
  const value = locals.vector();
  const accumulate = (sum: wasm.Local, column: number): wasm.Code => {
    const [x, w] = [get(value), get(weights[column]!)];
    return set(sum, fused ? wasm.multiplyAdd(x, w, get(sum)) : wasm.add(get(sum), wasm.multiply(x, w)));
  };
  const oneChannel = sequence(
    ...columns.map((column) => set(weights[column]!, load(get(right), column * vectorBytes))),
    ...sums.flatMap((row, tile) => [
      set(value, wasm.loadSplat(get(left), tile * inputs * float)),
      ...row.map(accumulate),
    ]),
    advance(left, float),
    advance(right, columns.length * vectorBytes),
  );
  return sequence(
    ...sums.flat().map((sum) => set(sum, wasm.splat(0))),
    set(left, get(a)),
    set(right, get(b)),
    repeat(channel, inputs, oneChannel),
    ...sums.flatMap((row, tile) =>
      row.map((sum, column) => store(get(c), get(sum), tile * outputs * float + column * vectorBytes)),
    ),
  );
}
