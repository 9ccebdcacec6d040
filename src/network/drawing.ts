import { greatest, least } from '../linalg/extremes';
import type { GraphNode, Network } from './graph';
import { isLayer } from './layerNodes';

/** What a drawing shows: layers, where ways come together, and where pictures shrink. Everything else is a line. */
export type DrawnKind = 'layer' | 'join' | 'pool';

/** A node where it stands in a drawing. */
export interface DrawnNode {
  readonly name: string;
  readonly kind: DrawnKind;
  /** Drawn nodes on the longest way to it from the image. */
  readonly column: number;
  /** 0 for the longest way to the classes, the others beside it. */
  readonly row: number;
  /** Positions, among all drawn nodes, of those that it reads; the image itself is none. */
  readonly from: readonly number[];
}

/** A compact picture of a network: nodes in network order, from left to right. */
export interface NetworkDrawing {
  readonly nodes: readonly DrawnNode[];
  readonly columns: number;
  readonly rows: number;
}

/** More than these are no picture. */
const maxDrawn = 1000;

/**
 * Places a network's layers, joins and pools on a grid; norms, activations and whatever else changes values one by one
 * are part of the lines between them.
 *
 * @returns null where there is more than a picture can show: over 1,000 nodes
 */
export function drawNetwork(network: Network): NetworkDrawing | null {
  const drawn = drawnNodes(network);
  if (drawn.length === 0 || drawn.length > maxDrawn) return null;
  const columns = columnsOf(drawn);
  const rows = rowsOf(drawn, columns);
  return {
    nodes: drawn.map(({ name, kind, from }, at) => ({
      ...{ name, kind, from },
      column: columns[at]!,
      row: rows[at]!,
    })),
    columns: greatest(columns) + 1,
    rows: greatest(rows) + 1,
  };
}

type Placeless = Pick<DrawnNode, 'name' | 'kind' | 'from'>;

/** Nodes to draw and what they read; a node that is not drawn stands for the one behind it. */
function drawnNodes({ nodes }: Network): readonly Placeless[] {
  const drawn: Placeless[] = [];
  /** Position of the drawn node that each value comes from; absent for the image. */
  const sources = new Map<string, number>();
  for (const node of nodes) {
    const from = [...new Set(node.inputs.flatMap((value) => sources.get(value) ?? []))];
    const kind = kindOf(node, from.length);
    if (kind === null) {
      if (from[0] !== undefined) sources.set(node.output, from[0]);
      continue;
    }
    sources.set(node.output, drawn.length);
    drawn.push({ name: node.name, kind, from });
    if (drawn.length > maxDrawn) break;
  }
  return drawn;
}

function kindOf(node: GraphNode, sources: number): DrawnKind | null {
  if (isLayer(node)) return 'layer';
  const { kind } = node.operator;
  if (kind === 'pool' || kind === 'globalPool') return 'pool';
  return sources > 1 ? 'join' : null;
}

function columnsOf(drawn: readonly Placeless[]): readonly number[] {
  const columns: number[] = [];
  for (const { from } of drawn)
    columns.push((from.length > 0 ? greatest(from.map((at) => columns[at]!)) : -1) + 1);
  return columns;
}

/**
 * Every node stays in the row of the one before it that lies farthest on, where that is free; where several want one row,
 * the one with the longest way ahead has it, and the others take the next that is free.
 */
function rowsOf(drawn: readonly Placeless[], columns: readonly number[]): readonly number[] {
  const ahead = stepsAhead(drawn);
  const rows = new Array<number>(drawn.length).fill(0);
  const order = drawn
    .map((_, at) => at)
    .sort((a, b) => columns[a]! - columns[b]! || ahead[b]! - ahead[a]! || a - b);
  let taken = new Set<number>();
  let column = -1;
  for (const at of order) {
    if (columns[at] !== column) taken = new Set();
    column = columns[at]!;
    let row = rowWanted(drawn[at]!, columns, rows);
    while (taken.has(row)) row++;
    taken.add(row);
    rows[at] = row;
  }
  return rows;
}

/** Joins return to the first of the rows that they join; others go on behind what they read. */
function rowWanted({ kind, from }: Placeless, columns: readonly number[], rows: readonly number[]): number {
  if (from.length === 0) return 0;
  if (kind === 'join') return least(from.map((at) => rows[at]!));
  return rows[from.reduce((last, at) => (columns[at]! > columns[last]! ? at : last))]!;
}

/** Drawn nodes on the longest way from each to the end. */
function stepsAhead(drawn: readonly Placeless[]): readonly number[] {
  const ahead = new Array<number>(drawn.length).fill(0);
  for (let at = drawn.length - 1; at >= 0; at--)
    for (const before of drawn[at]!.from) ahead[before] = Math.max(ahead[before]!, ahead[at]! + 1);
  return ahead;
}
