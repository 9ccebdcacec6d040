import * as wasm from '../../linalg/wasm/assembler';
import { finished, float, lanes, range, vectorBytes, VectorCode, type Epilogue } from './code';
import { blockRows, multiplyFunction, panelsOf, planesBytes, planesOf, restOf, type Planes } from './matrix';
import { outputWidthOf, stripLines, type Shape, type Stage } from './stage';
import { tileOutputs, tileSide, transformInputs, transformOutputs } from './tile';

const { get, set, load, store, repeat, countDown, advance, sequence } = wasm;

/** A 1×3 convolution of stride 1, as `verticalStage` does it, along the lines. */
export function horizontalStage(shape: Shape, epilogue: Epilogue, strips: number, fused: boolean): Stage {
  const { depth, inputs, outputs, padding } = shape;
  const vectors = Math.ceil(depth / lanes);
  const { wide, narrow } = panelsOf(shape.channels);
  const width = outputWidthOf(shape);
  const tiles = Math.ceil(width / tileOutputs);
  const planes = planesOf(tileSide, strips * stripLines * tiles, inputs, outputs);
  const { inputs: products, all } = planesBytes(planes);
  const inputStrip = stripLines * tiles * inputs * float;
  const outputRow = tiles * outputs * float;
  return {
    key: JSON.stringify(['horizontal', width, planes, epilogue]),
    functions: () => [
      inputFunction(tiles, planes),
      multiplyFunction(planes, fused),
      outputFunction(width, planes, epilogue),
    ],
    reads: {
      lines: stripLines,
      step: stripLines,
      above: padding.top,
      lineBytes: (tiles * tileOutputs + tileSide - tileOutputs) * inputs * float,
      margin: padding.left * inputs * float,
      together: true,
    },
    outputBytes: width * outputs * float,
    roomBytes: all,
    run: (program, job, first, last) => {
      const lines = (last - first) * stripLines;
      for (let strip = first; strip < last; strip++) {
        // Where strips are read from the images themselves, the next one need not lie behind this one.
        const own = job.room + (strip - first) * inputStrip;
        program.transformInputs!(job.from(strip, 0), own, stripLines, vectors);
      }
      const place = job.room + products;
      const blocks = Math.ceil((lines * tiles) / blockRows);
      program.multiply!(job.room, job.weights, place, blocks, depth, wide, narrow);
      for (let strip = first; strip < last; strip++) {
        const own = place + (strip - first) * stripLines * outputRow;
        const addend = job.adding ? job.adding(strip, 0) : 0;
        program.transformOutputs!(own, job.to(strip, 0), job.bias, addend, job.linesOf(strip));
      }
    },
  };
}

/** `transformInputs(first line, place in plane 0, lines, vectors of a pixel)`, one vector of a tile at a time. */
function inputFunction(tiles: number, { inputs, inputPlane }: Planes): wasm.WasmFunction {
  const locals = new wasm.Locals(4);
  const [source, target, lines, vectors] = [0, 1, 2, 3] as const;
  const [vector, rest] = [locals.integer(), locals.integer()];
  const pixel = inputs * float;
  const code = new VectorCode(locals);
  const pixels = range(tileSide).map((x) => code.name(load(get(source), x * pixel)));
  const factors = transformInputs(code, pixels);
  const oneVector = sequence(
    ...code.statements,
    ...factors.map((value, plane) => store(get(target), value, plane * inputPlane)),
    advance(source, vectorBytes),
    advance(target, vectorBytes),
  );
  const oneTile = sequence(
    set(vector, get(vectors)),
    countDown(vector, oneVector),
    ...[source, target].map((pointer) => set(pointer, wasm.plus(get(pointer), get(rest)))),
    advance(source, (tileOutputs - 1) * pixel),
  );
  const oneLine = sequence(
    repeat(locals.integer(), tiles, oneTile),
    advance(source, (tileSide - tileOutputs) * pixel),
  );
  const body = sequence(set(rest, restOf(inputs, vectors)), countDown(lines, oneLine));
  return { name: 'transformInputs', locals, body };
}

/** `transformOutputs(products, first line, bias, addend, lines)`; a line's last tile may stick out over its end. */
function outputFunction(
  width: number,
  { outputs, outputPlane }: Planes,
  { adds, clamp }: Epilogue,
): wasm.WasmFunction {
  const locals = new wasm.Locals(5);
  const [source, target, bias, addend, lines] = [0, 1, 2, 3, 4] as const;
  const pixel = outputs * float;
  const pointers = adds ? [source, target, bias, addend] : [source, target, bias];
  const tile = (columns: number) => {
    const code = new VectorCode(locals);
    const products = range(tileSide).map((plane) => code.name(load(get(source), plane * outputPlane)));
    const sums = transformOutputs(code, products).slice(0, columns);
    const offset = code.name(load(get(bias)));
    const stores = sums.map((value, x) => {
      const added = adds ? load(get(addend), x * pixel) : null;
      return store(get(target), finished(value, offset, added, clamp), x * pixel);
    });
    const steps = pointers.map((pointer) => advance(pointer, vectorBytes));
    return sequence(
      repeat(locals.integer(), outputs / lanes, sequence(...code.statements, ...stores, ...steps)),
      advance(target, (columns - 1) * pixel),
      adds ? advance(addend, (columns - 1) * pixel) : [],
      advance(bias, -pixel),
    );
  };
  const body = countDown(lines, overTiles(locals, width, tile));
  return { name: 'transformOutputs', locals, body };
}

/** Code for all tiles of a line, the last of which may have fewer columns. */
export function overTiles(
  locals: wasm.Locals,
  width: number,
  tile: (columns: number) => wasm.Code,
): wasm.Code {
  const [whole, rest] = [Math.floor(width / tileOutputs), width % tileOutputs];
  return sequence(
    whole > 0 ? repeat(locals.integer(), whole, tile(tileOutputs)) : [],
    rest > 0 ? tile(rest) : [],
  );
}
