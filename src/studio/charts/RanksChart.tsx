import { useId, useRef } from 'react';
import type { LayerDescription } from '../../network/layers';
import { lookOf, offeredMethods, type MethodLook } from '../methods';
import { MethodMark } from '../panels/MethodMark';
import { useActions, useLive, useStudio, useStudioState } from '../store/context';
import { PlotFrame, type PlotPoint, type Tick } from './PlotFrame';
import styles from './RanksChart.module.css';

/** Height of r_max; what stands above it is kept whole. */
const rankMaxAt = 0.9;
const yTicks: readonly Tick[] = [
  { at: 0, text: '0' },
  { at: 0.5 * rankMaxAt, text: '50 %' },
  { at: rankMaxAt, text: '100 %' },
  { at: 1, text: 'whole' },
];
/** The two methods that stand side by side, plainer first. */
const pair: readonly MethodLook[] = offeredMethods.slice(0, 2);
/** Left edge and width of each bar, as shares of a layer's slot. */
const bars = [
  { left: 0.1, width: 0.38 },
  { left: 0.52, width: 0.38 },
] as const;

/** Ranks per layer of two methods, as paired bars in network order, redrawn with every frame of a drag. */
export function RanksChart() {
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const getState = useStudioState();
  const { focusLayer, selectLayer } = useActions();
  const layerAt = ({ x }: PlotPoint): LayerDescription | undefined => {
    const all = getState().network?.summary.layers ?? [];
    return all[Math.min(all.length - 1, Math.max(0, Math.floor(x * all.length)))];
  };
  return (
    <PlotFrame
      title="Ranks per layer"
      summary={`Share of the largest useful rank per layer, ${pair.map((look) => look.name).join(' beside ')}, in network order.`}
      aside={pair.map((look) => (
        <span key={look.method} className={styles.legend}>
          <MethodMark look={look} /> {look.name}
        </span>
      ))}
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
      <Bars layers={layers} />
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

function Bars({ layers }: { readonly layers: readonly LayerDescription[] }) {
  const hatch = useId();
  const svg = useRef<SVGSVGElement>(null);
  useLive(
    (state) => state.completed?.plans,
    (plans) => {
      pair.forEach((look, order) => {
        const ranks = plans?.[look.method]?.plan.ranks;
        const group = svg.current?.querySelector(`[data-order="${order}"]`);
        layers.forEach((layer, index) => {
          const height = barHeight(layer, ranks?.[layer.name]);
          const bar = group?.children[index];
          bar?.setAttribute('y', `${(1 - height) * 100}%`);
          bar?.setAttribute('height', `${height * 100}%`);
        });
      });
    },
  );
  const slot = 100 / Math.max(1, layers.length);
  return (
    <svg ref={svg} aria-hidden="true">
      <defs>
        <pattern id={hatch} width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="3" height="3" className={styles.hatchGround} />
          <rect width="1.4" height="3" fill={`var(${lookOf('uniform').colour})`} />
        </pattern>
      </defs>
      {pair.map((look, order) => (
        <g key={look.method} data-order={order} fill={order === 0 ? `url(#${hatch})` : `var(${look.colour})`}>
          {layers.map((layer, index) => (
            <rect
              key={layer.name}
              x={`${(index + bars[order]!.left) * slot}%`}
              width={`${bars[order]!.width * slot}%`}
            />
          ))}
        </g>
      ))}
    </svg>
  );
}

/** A layer that no method may cut has no bar; one that a method leaves whole reaches the top. */
function barHeight(layer: LayerDescription, rank: number | null | undefined): number {
  if (rank === undefined) return 0;
  return rank === null ? 1 : (rank / layer.rankMax) * rankMaxAt;
}
