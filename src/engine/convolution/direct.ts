import * as wasm from '../../linalg/wasm/assembler';
import type { Tensor } from '../../network/graph';
import { finished, float, range, vectorBytes, type Epilogue } from './code';
import { blockProduct, blockRows, overPanels, packPanels, panelsOf, type LeftFactor } from './matrix';
import { outputWidthOf, stripLines, type Shape, type Stage } from './stage';

const { get, set, load, store, repeat, countDown, advance, sequence } = wasm;

/** The kernel [D_h, D_w, I / groups, O] laid out as the products read it, group by group. */
export function directWeights({ shape, data }: Tensor, groups: number): Float32Array {
  const [height = 1, width = 1, depth = 1, outputs = 1] = shape;
  const [rows, columns] = [height * width * depth, outputs / groups];
  const parts = range(groups).map((group) => packPanels(rows, columns, data, group * columns, outputs));
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
  const { kernel, stride, dilation, padding, groups, width, inputs, depth, outputs, channels } = shape;
  const side = areNeighbours(shape);
  const run = side ? kernel.width * depth : depth;
  const { wide, narrow } = panelsOf(channels / groups);
  const lineBytes = (width + padding.left + padding.right) * inputs * float;
  return {
    key: JSON.stringify(['direct', { ...shape, depth: 0, channels: 0 }, side, targetBytes, epilogue]),
    functions: () => [multiplyFunction(shape, { source: lineBytes, target: targetBytes }, epilogue, fused)],
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
        const [start, target, lines] = [from(strip, 0), to(strip, 0), linesOf(strip)];
        program.multiply!(start, weights, target, bias, addend, lines, run, wide, narrow);
      }
    },
  };
}

/** Whether all that a row of the kernel reads lies side by side. */
function areNeighbours({ groups, dilation, depth, inputs }: Shape): boolean {
  return groups === 1 && dilation.width === 1 && depth === inputs;
}

/** What a block of pixels reads: runs of neighbouring values, one per row of the kernel or per tap. */
function factorOf(shape: Shape, lineBytes: number, rows: number): LeftFactor {
  const { kernel, stride, dilation, inputs } = shape;
  const pixel = inputs * float;
  const taps = { count: areNeighbours(shape) ? 1 : kernel.width, bytes: dilation.width * pixel };
  const lines = { count: kernel.height, bytes: dilation.height * lineBytes };
  return { rows, rowBytes: stride.width * pixel, runs: [lines, taps] };
}

/**
 * `multiply(first line, kernel, outputs, bias, addend, lines, run, wide panels, narrow panels)` of one strip, with
 * runs of so many values.
 */
function multiplyFunction(
  shape: Shape,
  lineBytes: { readonly source: number; readonly target: number },
  { adds, clamp }: Epilogue,
  fused: boolean,
): wasm.WasmFunction {
  const { stride, groups, inputs, outputs } = shape;
  const locals = new wasm.Locals(9);
  const [source, kernel, target, bias, addend, lines, depth, wide, narrow] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ] as const;
  const [line, a, c, d] = [locals.integer(), locals.integer(), locals.integer(), locals.integer()];
  const panelEnd = locals.integer();
  const width = outputWidthOf(shape);
  const pixels = { in: stride.width * inputs * float, out: outputs * float };
  const block = (rows: number, panel: number) => {
    const { code, sums, end } = blockProduct(
      locals,
      { a, b: kernel, depth },
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
    return sequence(code, ...stores, ...next, set(panelEnd, get(end)));
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
      set(kernel, get(panelEnd)),
      ...[target, bias, addend].map((pointer) => advance(pointer, panel * float)),
    );
  };
  const oneGroup = sequence(
    overPanels(locals, { wide, narrow }, onePanel),
    advance(source, (inputs / groups) * float),
  );
  return { name: 'multiply', locals, body: repeat(locals.integer(), groups, oneGroup) };
}
