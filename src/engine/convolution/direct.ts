import * as wasm from '../../linalg/wasm/assembler';
import type { Tensor } from '../../network/graph';
import { finished, float, lanes, range, vectorBytes, type Epilogue } from './code';
import { blockProduct, blockRows, overPanels, packPanels, type LeftFactor } from './matrix';
import { outputWidthOf, stripLines, type Shape, type Stage } from './stage';

const { get, set, load, store, repeat, countDown, advance, sequence } = wasm;

/** The kernel [D_h, D_w, I / groups, O] laid out as the products read it, group by group. */
export function directWeights({ shape, data }: Tensor, groups: number): Float32Array {
  const [height = 1, width = 1, depth = 1, outputs = 1] = shape;
  const [rows, columns] = [height * width * depth, outputs / groups];
  const parts = range(groups).map((group) =>
    packPanels(rows, columns, (row, column) => data[row * outputs + group * columns + column]!),
  );
  const all = new Float32Array(groups * parts[0]!.length);
  parts.forEach((part, group) => all.set(part, group * part.length));
  return all;
}

/**
 * A convolution by its definition: each block of 4 pixels × 8 outputs is one product of a matrix, whose rows are the
 * patches of the pixels as they lie in the image.
 *
 * @param targetBytes from one line of outputs to the next
 */
export function directStage(
  shape: Shape,
  epilogue: Epilogue,
  fused: boolean,
  targetBytes = outputWidthOf(shape) * shape.outputs * float,
): Stage {
  const { kernel, stride, dilation, padding, width, inputs, outputs } = shape;
  const lineBytes = (width + padding.left + padding.right) * inputs * float;
  return {
    functions: [multiplyFunction(shape, { source: lineBytes, target: targetBytes }, epilogue, fused)],
    reads: {
      lines: (stripLines - 1) * stride.height + (kernel.height - 1) * dilation.height + 1,
      step: stripLines * stride.height,
      above: padding.top,
      lineBytes,
      margin: padding.left * inputs * float,
      together: true,
    },
    outputBytes: outputWidthOf(shape) * outputs * float,
    roomBytes: 0,
    run: (program, { from, to, adding, linesOf, weights, bias }, first, last) => {
      for (let strip = first; strip < last; strip++) {
        const addend = adding ? adding(strip, 0) : 0;
        program.multiply!(from(strip, 0), weights, to(strip, 0), bias, addend, linesOf(strip));
      }
    },
  };
}

/** What a block of pixels reads: runs of neighbouring values, one per row of the kernel or per tap. */
function factorOf(shape: Shape, lineBytes: number, rows: number): LeftFactor {
  const { kernel, stride, dilation, groups, inputs, depth } = shape;
  const pixel = inputs * float;
  const side = groups === 1 && dilation.width === 1 && depth === inputs;
  const taps = { count: side ? 1 : kernel.width, bytes: dilation.width * pixel };
  return {
    rows,
    rowBytes: stride.width * pixel,
    runs: [{ count: kernel.height, bytes: dilation.height * lineBytes }, taps],
    depth: side ? kernel.width * depth : depth,
  };
}

/** `multiply(first line, kernel, outputs, bias, addend, lines)` of one strip. */
function multiplyFunction(
  shape: Shape,
  lineBytes: { readonly source: number; readonly target: number },
  { adds, clamp }: Epilogue,
  fused: boolean,
): wasm.WasmFunction {
  const { kernel: extents, stride, groups, inputs, depth, outputs } = shape;
  const locals = new wasm.Locals(6);
  const [source, kernel, target, bias, addend, lines] = [0, 1, 2, 3, 4, 5] as const;
  const [line, a, c, d] = [locals.integer(), locals.integer(), locals.integer(), locals.integer()];
  const width = outputWidthOf(shape);
  const pixels = { in: stride.width * inputs * float, out: outputs * float };
  const taps = extents.height * extents.width * depth;
  const block = (rows: number, panel: number) => {
    const { code, sums } = blockProduct(
      locals,
      { a, b: kernel },
      factorOf(shape, lineBytes.source, rows),
      panel,
      fused,
    );
    const stores = sums.flatMap((row, pixel) =>
      row.map((sum, column) => {
        const place = pixel * pixels.out + column * vectorBytes;
        const added = adds ? load(get(d), place) : null;
        const value = finished(get(sum), load(get(bias), column * vectorBytes), added, clamp);
        return store(get(c), value, place);
      }),
    );
    const next = [advance(a, rows * pixels.in), ...[c, d].map((place) => advance(place, rows * pixels.out))];
    return sequence(code, ...stores, ...next);
  };
  const [whole, rest] = [Math.floor(width / blockRows), width % blockRows];
  const onePanel = (panel: number) => {
    const oneLine = sequence(
      whole > 0 ? repeat(locals.integer(), whole, block(blockRows, panel)) : [],
      rest > 0 ? block(rest, panel) : [],
      advance(a, stride.height * lineBytes.source - width * pixels.in),
      ...[c, d].map((place) => advance(place, lineBytes.target - width * pixels.out)),
    );
    return sequence(
      set(a, get(source)),
      set(c, get(target)),
      set(d, get(addend)),
      set(line, get(lines)),
      countDown(line, oneLine),
      advance(kernel, taps * panel * float),
      ...[target, bias, addend].map((pointer) => advance(pointer, panel * float)),
    );
  };
  const oneGroup = sequence(
    overPanels(locals, outputs / groups, onePanel),
    advance(source, (inputs / groups) * float),
  );
  return { name: 'multiply', locals, body: repeat(locals.integer(), groups, oneGroup) };
}

/** Whether a number of channels fills whole vectors. */
export function fillsVectors(channels: number): boolean {
  return channels % lanes === 0;
}
