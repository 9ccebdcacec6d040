import type { ReactNode } from 'react';
import type { LayerDescription } from '../../../network/layers';
import { PairChoice } from '../comparing/CompareDialog';
import { sideLook, type PairSide } from '../../model/methods';
import { sidePlan } from '../../store/selectors';
import { useActions, useStudio, useStudioState } from '../../context/context';
import type { Pen } from '../../charts/drawing';
import { LiveCanvas } from '../../context/LiveCanvas';
import { PlotFrame, type PlotPoint, type Tick } from '../../charts/PlotFrame';
import styles from './RanksChart.module.css';
import { ownValue } from '../../../network/ownValue';

/** Height of r_max; what stands above it is kept whole. */
const rankMaxAt = 0.86;
const yTicks: readonly Tick[] = [
  { at: 0, text: '0' },
  { at: 0.5 * rankMaxAt, text: '50 %' },
  { at: rankMaxAt, text: '100 %' },
  { at: 1, text: 'whole' },
];
/** Layers where the two agree step back, so that the differences stand out. */
const sameOpacity = 0.4;
/** Left edge and width of each bar, as shares of a layer's slot. */
const bars = [
  { left: 0.1, width: 0.38 },
  { left: 0.52, width: 0.38 },
] as const;

/** Ranks per layer of two methods, as paired bars in network order, redrawn with every frame of a drag. */
export function RanksChart({ heading }: { readonly heading?: ReactNode }) {
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const pair = useStudio((state) => state.document.settings.pair);
  const getState = useStudioState();
  const { focusLayer, selectLayer } = useActions();
  const layerAt = ({ x }: PlotPoint): LayerDescription | undefined => {
    const all = getState().network?.summary.layers ?? [];
    return all[Math.min(all.length - 1, Math.max(0, Math.floor(x * all.length)))];
  };
  return (
    <PlotFrame
      title="Ranks per layer"
      heading={heading}
      summary={`Share of the largest useful rank per layer, ${pair.map((side) => sideLook(side).name).join(' beside ')}, in network order.`}
      aside={
        <>
          <PairChoice side={0} />
          <PairChoice side={1} />
        </>
      }
      xTicks={layerTicks(layers.length)}
      yTicks={yTicks}
      xTitle="layers in network order"
      onPointer={(at) => focusLayer((at && layerAt(at)?.name) ?? null)}
      onPick={(at) => {
        const layer = layerAt(at);
        if (layer) selectLayer(layer.name);
      }}
    >
      <FocusBand layers={layers} />
      <Bars layers={layers} pair={pair} />
    </PlotFrame>
  );
}

/** Numbers of some layers, evenly spread and round. */
function layerTicks(count: number): Tick[] {
  const step = count <= 12 ? 1 : count <= 30 ? 5 : count <= 80 ? 10 : 20;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return numbers
    .filter((number) => number === 1 || number % step === 0)
    .map((number) => ({ at: (number - 0.5) / count, text: String(number) }));
}

function FocusBand({ layers }: { readonly layers: readonly LayerDescription[] }) {
  const focused = useStudio((state) => state.ui.focusedLayer ?? state.ui.selectedLayer);
  const index = layers.findIndex((layer) => layer.name === focused);
  if (index < 0) return null;
  return (
    <div
      className={styles.band}
      style={{ left: `${(index / layers.length) * 100}%`, width: `${100 / layers.length}%` }}
    />
  );
}

interface BarsProps {
  readonly layers: readonly LayerDescription[];
  readonly pair: readonly PairSide[];
}

function Bars({ layers, pair }: BarsProps) {
  const getState = useStudioState();
  // A plan that has just been saved is drawn at once.
  useStudio((state) => state.document.saved);
  return (
    <LiveCanvas
      select={(state) => state.completed?.plans}
      draw={(pen) => {
        const [first, second] = pair.map((side) => sidePlan(getState(), side)?.ranks);
        const isSame = ({ name }: LayerDescription) =>
          !!first && !!second && ownValue(first, name) === ownValue(second, name);
        pair.forEach((side, order) => {
          const ranks = (order === 0 ? first : second) ?? {};
          const look = sideLook(side);
          // Hatched, so that the two differ without colour, too.
          pen.context.fillStyle = order === 0 ? hatch(pen, look.colour) : pen.colour(look.colour);
          layers.forEach((layer, index) => {
            pen.context.globalAlpha = isSame(layer) ? sameOpacity : 1;
            drawBar(pen, bars[order]!, index, layers.length, barHeight(layer, ownValue(ranks, layer.name)));
          });
        });
        pen.context.globalAlpha = 1;
      }}
    />
  );
}

function drawBar(
  { context, width, height }: Pen,
  bar: (typeof bars)[number],
  index: number,
  count: number,
  share: number,
): void {
  const slot = width / count;
  context.fillRect((index + bar.left) * slot, (1 - share) * height, bar.width * slot, share * height);
}

/** Diagonal stripes of a colour over a paler ground of it. */
function hatch({ context, colour }: Pen, property: string): CanvasPattern | string {
  const side = 6;
  const tile = document.createElement('canvas');
  tile.width = tile.height = side;
  const pen = tile.getContext('2d');
  if (!pen) return colour(property);
  pen.fillStyle = pen.strokeStyle = colour(property);
  pen.globalAlpha = 0.3;
  pen.fillRect(0, 0, side, side);
  pen.globalAlpha = 1;
  pen.lineWidth = 2;
  pen.beginPath();
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - 1, side + 1);
    pen.lineTo(shift + side + 1, -1);
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat') ?? colour(property);
}

/** A layer that no method may cut has no bar; one that a method leaves whole reaches the top. */
function barHeight(layer: LayerDescription, rank: number | null | undefined): number {
  if (rank === undefined) return 0;
  return rank === null ? 1 : (rank / layer.rankMax) * rankMaxAt;
}
