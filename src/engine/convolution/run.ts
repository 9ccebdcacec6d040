import type { Heap } from './heap';
import type { Plan } from './plan';
import { stripLines, type Job, type Lines, type Reads } from './stage';

/** Addresses of everything that one run reads and writes. */
export interface Run {
  readonly heap: Heap;
  /** Working memory. */
  readonly room: number;
  readonly images: number;
  /** Of the inputs of all images. */
  readonly pixels: number;
  readonly from: number;
  readonly to: number;
  /** null where nothing is added. */
  readonly adding: number | null;
  /** Weights and bias of the first layer, then of the second. */
  readonly weights: readonly number[];
}

/** The strips of all images, and where their lines lie. */
interface Strips {
  readonly count: number;
  /** Lines of a strip that its image has. */
  readonly linesOf: (strip: number) => number;
  readonly input: Lines;
  /** Whether all of a strip's lines of inputs lie within its image. */
  readonly isWithin: (strip: number) => boolean;
  readonly output: Lines;
  /** null where nothing is added. */
  readonly addend: Lines | null;
}

/** Computes all strips of all images, as many together as the plan says. */
export function run(plan: Plan, work: Run): void {
  const { stages, together, areas } = plan;
  work.heap.clear(work.room, areas.waste);
  const strips = plan.isFlat ? flatStrips(plan, work) : imageStrips(plan, work);
  const input = inputOf(plan, work, strips);
  const jobs = jobsOf(plan, work, strips, input.lines);
  for (let first = 0; first < strips.count; first += together) {
    const last = Math.min(strips.count, first + together);
    input.prepare(first, last);
    stages.forEach(({ stage, program }, index) => stage.run(program, jobs[index]!, first, last));
  }
}

function imageStrips(plan: Plan, { room, images, from, to, adding }: Run): Strips {
  const { stages, size, outputHeight, inputBytes, areas } = plan;
  const { step, above, lines: count } = stages[0]!.stage.reads;
  const strips = Math.ceil(outputHeight / stripLines);
  const topOf = (strip: number) => (strip % strips) * step - above;
  const read = {
    height: size.height,
    strips,
    step,
    above,
    lineBytes: inputBytes,
    outside: room + areas.zeros,
  };
  const lineBytes = stages.at(-1)!.stage.outputBytes;
  const outside = room + areas.waste;
  const written = { height: outputHeight, strips, step: stripLines, above: 0, lineBytes, outside };
  return {
    count: images * strips,
    linesOf: (strip) => Math.min(stripLines, outputHeight - (strip % strips) * stripLines),
    input: imageLines(from, read),
    isWithin: (strip) => topOf(strip) >= 0 && topOf(strip) + count <= size.height,
    output: imageLines(to, written),
    addend: adding === null ? null : imageLines(adding, written),
  };
}

/** How lines of images lie in memory. */
interface ImageLines {
  readonly height: number;
  readonly strips: number;
  readonly step: number;
  readonly above: number;
  readonly lineBytes: number;
  /** Where lines above and below an image are. */
  readonly outside: number;
}

function imageLines(start: number, { height, strips, step, above, lineBytes, outside }: ImageLines): Lines {
  return (strip, y) => {
    const row = strip % strips;
    const line = row * step - above + y;
    const image = (strip - row) / strips;
    return line >= 0 && line < height ? start + (image * height + line) * lineBytes : outside;
  };
}

function flatStrips(plan: Plan, { pixels, from, to, adding }: Run): Strips {
  const { stages, size, inputBytes } = plan;
  const { outputBytes } = stages.at(-1)!.stage;
  const { height, width } = size;
  // The last strip begins earlier, so that it is whole.
  const lastLine = pixels / width - height;
  const lines = (start: number, lineBytes: number): Lines => {
    return (strip, y) => start + (Math.min(strip * height, lastLine) + y) * lineBytes;
  };
  return {
    count: Math.ceil(pixels / (height * width)),
    linesOf: () => height,
    input: lines(from, inputBytes),
    isWithin: () => true,
    output: lines(to, outputBytes),
    addend: adding === null ? null : lines(adding, outputBytes),
  };
}

function jobsOf(plan: Plan, work: Run, strips: Strips, input: Lines): readonly Job[] {
  const { stages, together, areas } = plan;
  const { room, weights } = work;
  return stages.map(({ stage }, index) => {
    const next = stages[index + 1]?.stage.reads;
    const between = next && slotLines(room + areas.between, together, next, next.margin);
    const own = index === 0 ? null : slotLines(room + areas.between, together, stage.reads, 0);
    return {
      from: own ?? input,
      to: between ?? strips.output,
      adding: next ? null : strips.addend,
      linesOf: strips.linesOf,
      weights: weights[2 * index]!,
      bias: weights[2 * index + 1]!,
      room: room + areas.room,
    };
  });
}

/** Lines of strips that lie by themselves, in as many places as there are strips at a time. */
function slotLines(start: number, together: number, { lines, lineBytes }: Reads, offset: number): Lines {
  return (strip, y) => start + ((strip % together) * lines + y) * lineBytes + offset;
}

/** The lines that the first stage reads, and what must be done before it reads those of some strips. */
interface Input {
  readonly lines: Lines;
  prepare(first: number, last: number): void;
}

function inputOf(plan: Plan, { room }: Run, { input, isWithin }: Strips): Input {
  const { stages, copyLines, together, areas, inputBytes } = plan;
  const { reads } = stages[0]!.stage;
  if (!copyLines) return { lines: input, prepare: () => undefined };
  const isReady = (strip: number) => reads.lineBytes === inputBytes && isWithin(strip);
  const targets = slotLines(room + areas.copies, together, reads, reads.margin);
  const copies = slotLines(room + areas.copies, together, reads, 0);
  return {
    lines: (strip, y) => (isReady(strip) ? input(strip, y) : copies(strip, y)),
    prepare: (first, last) => {
      for (let strip = first; strip < last; strip++) {
        if (isReady(strip)) continue;
        // Lines within the image lie one behind the other.
        const count = isWithin(strip) ? reads.lines : 1;
        for (let y = 0; y < reads.lines; y += count) {
          copyLines.copyLines!(targets(strip, y), input(strip, y), count);
        }
      }
    },
  };
}
