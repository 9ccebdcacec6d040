import { TILE } from './panelLayout';
import type { Packing } from './packingKernels';
import type { Entries, MatrixView } from './view';
import type { Workspace } from './workspace';

/** Packed lines of a factor. */
export interface Panel {
  /** Line by line in groups, interleaved. */
  readonly values: Float64Array | Float32Array;
  /** Lines of a group: four or eight. */
  readonly group: number;
  /** What packs lines that lie in the workspace; null where the machine has no vectors. */
  readonly packing: Packing | null;
}

/**
 * Copies `count` rows of a factor over the inner range in groups of four or eight, interleaved as the kernel reads
 * them; missing rows of the last group are zeros.
 */
export function packPanels(
  space: Workspace,
  panel: Panel,
  view: MatrixView<Entries>,
  firstRow: number,
  count: number,
  innerStart: number,
  depth: number,
): void {
  const { values: panels, group } = panel;
  const { data, offset, rowStride, columnStride } = view;
  const start = offset + firstRow * rowStride + innerStart * columnStride;
  if (count % group > 0)
    panels.fill(0, (count - (count % group)) * depth, Math.ceil(count / group) * group * depth);
  const packed = space.holds(data) ? packedInside(panel, view, start, count, depth) : 0;
  const along = rowStride === 1 ? count - (count % TILE) : packed;
  packAlong(panels, group, data, start, columnStride, packed, along, depth);
  for (let row = along; row < count; row += TILE) {
    const lane = row % group;
    const target = (row - lane) * depth + lane;
    const place = start + row * rowStride;
    if (count - row >= TILE) packFour(panels, target, group, data, place, rowStride, columnStride, depth);
    else {
      for (let q = 0; q < count - row; q++) {
        for (let p = 0; p < depth; p++) {
          panels[target + q + p * group] = data[place + q * rowStride + p * columnStride];
        }
      }
    }
  }
}

/**
 * Has kernels pack what they can of lines that lie in the workspace, from a place of the data on.
 *
 * @returns lines that are done, a multiple of four
 */
function packedInside(
  { values, group, packing }: Panel,
  { data, rowStride, columnStride }: MatrixView<Entries>,
  start: number,
  count: number,
  depth: number,
): number {
  if (!packing) return 0;
  const source = data.byteOffset / data.BYTES_PER_ELEMENT + start;
  if (rowStride === 1) {
    const groups = Math.floor(count / group);
    if (groups > 0) packing.columns(source, columnStride, depth, groups, 0);
    return groups * group;
  }
  const lines = columnStride === 1 ? count - (count % TILE) : 0;
  const last = depth - (depth % 2);
  for (let row = 0; row < lines; row += TILE) {
    const lane = row % group;
    const target = (row - lane) * depth + lane;
    if (last > 0) packing.lines(source + row * rowStride, rowStride, last, target, group);
    if (last < depth)
      for (let q = 0; q < TILE; q++)
        values[target + q + last * group] = data[start + (row + q) * rowStride + last];
  }
  return lines;
}

/** Copies rows, a multiple of four, that lie side by side: in the order of the memory, which no cache minds. */
function packAlong(
  panels: Float64Array | Float32Array,
  group: number,
  data: Entries,
  start: number,
  columnStride: number,
  from: number,
  to: number,
  depth: number,
): void {
  for (let p = 0; p < depth; p++) {
    const place = start + p * columnStride;
    for (let row = from; row < to; row += TILE) {
      const lane = row % group;
      const target = (row - lane) * depth + p * group + lane;
      const at = place + row;
      panels[target] = data[at];
      panels[target + 1] = data[at + 1];
      panels[target + 2] = data[at + 2];
      panels[target + 3] = data[at + 3];
    }
  }
}

/** Copies four rows of a factor between each other. */
function packFour(
  panels: Float64Array | Float32Array,
  target: number,
  group: number,
  data: Entries,
  place: number,
  rowStride: number,
  columnStride: number,
  depth: number,
): void {
  const end = target + depth * group;
  for (let to = target, at = place; to < end; to += group, at += columnStride) {
    panels[to] = data[at];
    panels[to + 1] = data[at + rowStride];
    panels[to + 2] = data[at + 2 * rowStride];
    panels[to + 3] = data[at + 3 * rowStride];
  }
}
