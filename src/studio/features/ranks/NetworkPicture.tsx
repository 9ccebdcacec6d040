import type { ReactNode } from 'react';
import type { DrawnNode, NetworkDrawing } from '../../../network/drawing';
import type { LayerDescription, Ranks } from '../../../network/layers';
import { greatest } from '../../../linalg/extremes';
import type { Pen } from '../../charts/drawing';
import { PlotFrame, type PlotPoint } from '../../charts/PlotFrame';
import { useActions, useStudio, useStudioState } from '../../context/context';
import { LiveCanvas } from '../../context/LiveCanvas';
import { sideLook } from '../../model/methods';
import { sidePlan } from '../../store/selectors';
import { PairChoice } from '../comparing/CompareDialog';
import { ownValue } from '../../../network/ownValue';

interface NetworkPictureProps {
  readonly drawing: NetworkDrawing;
  readonly heading: ReactNode;
}

/** The network from left to right, its blocks as high as what they compute; they shrink with their ranks. */
export function NetworkPicture({ drawing, heading }: NetworkPictureProps) {
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const side = useStudio((state) => state.document.settings.pair[0]);
  const focused = useStudio((state) => state.ui.focusedLayer ?? state.ui.selectedLayer);
  const getState = useStudioState();
  const { focusLayer, selectLayer } = useActions();
  const blocks = blocksOf(drawing, layers);
  return (
    <PlotFrame
      title="Network"
      heading={heading}
      summary={`The network from the image to the classes: ${layers.length} layers, filled as far as ${sideLook(side).name} keeps their MACs.`}
      aside={<PairChoice side={0} />}
      xTicks={[]}
      yTicks={[]}
      xTitle="from the image to the classes; outlines show MACs, filled what is kept of them"
      gutterLeft={16}
      onPointer={(at) => focusLayer((at && nearest(drawing, blocks, at)) ?? null)}
      onPick={(at) => {
        const layer = nearest(drawing, blocks, at);
        if (layer !== null) selectLayer(layer);
      }}
    >
      <LiveCanvas
        select={(state) => state.completed?.plans}
        draw={(pen) => {
          const ranks = sidePlan(getState(), side)?.ranks ?? {};
          drawLines(pen, drawing);
          drawing.nodes.forEach((node, at) => {
            const block = blocks[at];
            if (block) drawBlock(pen, placeOf(pen, drawing, node), block, ranks, sideLook(side).colour);
            else drawMark(pen, placeOf(pen, drawing, node), node);
            if (block && node.name === focused) drawFocus(pen, placeOf(pen, drawing, node));
          });
        }}
      />
    </PlotFrame>
  );
}

/** A layer, and how high it stands, as a share of its row. */
interface Block {
  readonly layer: LayerDescription;
  readonly height: number;
}

/** Heights grow with the cube root of MACs, so that small layers can still be seen beside large ones. */
function blocksOf({ nodes }: NetworkDrawing, layers: readonly LayerDescription[]): readonly (Block | null)[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const most = Math.max(1, greatest(layers.map(({ macs }) => macs)));
  return nodes.map(({ name }) => {
    const layer = byName.get(name);
    return layer ? { layer, height: 0.1 + 0.9 * Math.cbrt(layer.macs / most) } : null;
  });
}

/** Share of a layer's MACs that its rank keeps; 1 where it is whole. */
function keptShare(layer: LayerDescription, rank: number | null | undefined): number {
  if (rank === undefined || rank === null) return 1;
  return Math.min(1, (rank * layer.macsPerRank) / layer.macs);
}

/** The middle of a node's cell, and the cell's size, in CSS pixels. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Room between rows for lines that lead around nodes. */
const rowShare = 0.72;

function placeOf(
  { width, height }: Pick<Pen, 'width' | 'height'>,
  drawing: NetworkDrawing,
  node: DrawnNode,
): Place {
  const cell = { width: width / drawing.columns, height: (height / drawing.rows) * rowShare };
  const y = ((node.row + 1 - rowShare / 2) * height) / drawing.rows;
  return { x: (node.column + 0.5) * cell.width, y, ...cell };
}

function drawLines(pen: Pen, drawing: NetworkDrawing): void {
  const { context, height } = pen;
  context.strokeStyle = pen.colour('--line-strong');
  context.lineWidth = 1;
  context.beginPath();
  for (const node of drawing.nodes) {
    const to = placeOf(pen, drawing, node);
    for (const at of node.from) {
      const from = placeOf(pen, drawing, drawing.nodes[at]!);
      const isAround = node.row === drawing.nodes[at]!.row && node.column > drawing.nodes[at]!.column + 1;
      // Around what stands between, through the room above the row.
      const top = to.y - to.height / 2 - ((1 - rowShare) * height) / drawing.rows / 1.5;
      context.moveTo(from.x, from.y);
      if (isAround) context.bezierCurveTo(from.x, top, to.x, top, to.x, to.y);
      else context.lineTo(to.x, to.y);
    }
  }
  context.stroke();
}

function drawBlock(
  { context, colour }: Pen,
  { x, y, width, height }: Place,
  { layer, height: share }: Block,
  ranks: Ranks,
  property: string,
): void {
  const rank = ownValue(ranks, layer.name);
  const [wide, high] = [Math.max(1, width * 0.7), Math.max(2, height * share)];
  const filled = Math.max(1, high * keptShare(layer, rank));
  // The ground hides the lines behind.
  context.fillStyle = colour('--surface');
  context.fillRect(x - wide / 2, y - high / 2, wide, high);
  context.fillStyle = colour(rank === undefined ? '--text-third' : property);
  context.fillRect(x - wide / 2, y - filled / 2, wide, filled);
  if (wide < 3) return;
  context.strokeStyle = colour('--line-strong');
  context.lineWidth = 1;
  context.strokeRect(x - wide / 2, y - high / 2, wide, high);
}

function drawMark({ context, colour }: Pen, { x, y, width }: Place, { kind }: DrawnNode): void {
  const size = Math.min(3, Math.max(1, width / 3));
  context.fillStyle = colour('--text-third');
  context.beginPath();
  if (kind === 'join') context.arc(x, y, size, 0, 2 * Math.PI);
  else {
    context.moveTo(x - size, y - 2 * size);
    context.lineTo(x + size, y);
    context.lineTo(x - size, y + 2 * size);
  }
  context.fill();
}

function drawFocus({ context, colour }: Pen, { x, y, width, height }: Place): void {
  context.strokeStyle = colour('--text');
  context.lineWidth = 2;
  const wide = Math.max(6, width);
  context.strokeRect(x - wide / 2, y - height / 2 - 2, wide, height + 4);
}

/** The layer that stands nearest to a place of the plot. */
function nearest(
  drawing: NetworkDrawing,
  blocks: readonly (Block | null)[],
  { x, y, aspect }: PlotPoint,
): string | null {
  let found: string | null = null;
  let least = Infinity;
  drawing.nodes.forEach((node, at) => {
    if (!blocks[at]) return;
    const place = placeOf({ width: 1, height: 1 }, drawing, node);
    const distance = ((place.x - x) * aspect) ** 2 + (place.y - (1 - y)) ** 2;
    if (distance >= least) return;
    [least, found] = [distance, node.name];
  });
  return found;
}
