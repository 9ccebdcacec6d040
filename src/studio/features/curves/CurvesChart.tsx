import { shownCurves } from '../../../project/planning';
import { memo, useRef, type CSSProperties } from 'react';
import { firstMetric, metrics } from '../../../compression/metrics';
import { remembered } from '../../../project/remembered';
import type { Curve, Metric } from '../../../enc/curve';
import type { LayerDescription, Ranks } from '../../../network/layers';
import { shortLayerName } from '../../../project/numbers';
import { lookOf } from '../../model/methods';
import { MetricSwitch } from './MetricSwitch';
import { PointsMenu } from './PointsMenu';
import { layerNamed } from '../../store/selectors';
import type { StudioState } from '../../store/state';
import { drawnCurves } from '../../model/shown';
import { useActions, useLive, useStudio, useStudioState } from '../../context/context';
import styles from './CurvesChart.module.css';
import { curvePath, nearestCurve, placeOfRank, qualityAt, rankMaxAt, wholeAt } from '../../charts/curvePath';
import type { Pen } from '../../charts/drawing';
import { LiveCanvas } from '../../context/LiveCanvas';
import { PlotFrame, type PlotPoint, type Tick } from '../../charts/PlotFrame';

const xTicks: readonly Tick[] = [
  { at: 0, text: '0' },
  { at: 0.25 * rankMaxAt, text: '25' },
  { at: 0.5 * rankMaxAt, text: '50' },
  { at: 0.75 * rankMaxAt, text: '75' },
  { at: rankMaxAt, text: '100' },
];
/** The curves as they are drawn. */
const drawn = remembered(
  (state: StudioState) => [shownCurves(state)],
  (state): ReadonlyMap<string, Curve> => {
    const shown = shownCurves(state);
    return shown ? drawnCurves(shown) : new Map<string, Curve>();
  },
);

/** Every layer's curve, the chosen ranks as dots on them, the focused and the selected layer in front. */
export function CurvesChart() {
  const getState = useStudioState();
  const { focusLayer, selectLayer } = useActions();
  const count = useStudio((state) => drawn(state).size);
  const metric = useStudio((state) => shownCurves(state)?.metric ?? firstMetric);

  function layerAt({ x, y }: PlotPoint): string | null {
    const { network } = getState();
    return network && nearestCurve(drawn(getState()), x, y);
  }

  return (
    <PlotFrame
      title="Layers’ curves"
      summary={`${metrics.get(metric).scale.meaning} by share of the largest useful rank, one curve per layer, ${count} layers. The table of layers gives the chosen ranks.`}
      aside={
        <>
          <MetricSwitch />
          <PointsMenu />
        </>
      }
      xTicks={xTicks}
      yTicks={metrics.get(metric).scale.ticks}
      xTitle="rank, % of the largest useful rank"
      onPointer={(at) => focusLayer(at && layerAt(at))}
      onPick={(at) => {
        const layer = layerAt(at);
        if (layer) selectLayer(layer);
      }}
    >
      <WholeLane />
      <Lines />
      <FrontLines />
      <Dots />
      <FocusedLayerText />
    </PlotFrame>
  );
}

/** The lane on the right where layers stand that are kept whole. */
function WholeLane() {
  const count = useRef<HTMLSpanElement>(null);
  useLive(
    (state) => state.completed?.plans[state.document.settings.method],
    (planned) => {
      const whole = planned ? Object.values(planned.plan.ranks).filter((rank) => rank === null).length : 0;
      if (count.current) count.current.textContent = whole > 0 ? `${whole}` : '';
    },
  );
  return (
    <div className={styles.lane} style={{ left: `${(2 * wholeAt - 1) * 100}%` }} title="Layers kept whole">
      <span ref={count} className={styles.laneCount} />
      <span className={styles.laneName}>whole</span>
    </div>
  );
}

function Lines() {
  const layers = useStudio((state) => state.network?.summary.layers);
  const curves = useStudio(drawn);
  const isQuiet = useStudio((state) => state.ui.focusedLayer !== null);
  if (!layers) return null;
  return (
    <svg
      viewBox="0 0 1 1"
      preserveAspectRatio="none"
      aria-hidden="true"
      className={styles.lines}
      data-quiet={isQuiet}
    >
      {layers.map((layer, index) => {
        const curve = curves.get(layer.name);
        return (
          curve && <Line key={layer.name} curve={curve} depth={index / Math.max(1, layers.length - 1)} />
        );
      })}
    </svg>
  );
}

/** One curve, drawn once: the same curve at the same depth never renders again. */
const Line = memo(function Line({ curve, depth }: { readonly curve: Curve; readonly depth: number }) {
  return <path d={curvePath(curve)} style={depthStyle(depth)} vectorEffect="non-scaling-stroke" />;
});

function depthStyle(depth: number): CSSProperties {
  return { '--depth': `${(depth * 100).toFixed(1)}%` } as CSSProperties;
}

/** The selected and the focused layer's curves, over all others. */
function FrontLines() {
  const layers = useStudio((state) => state.network?.summary.layers);
  const curves = useStudio(drawn);
  const selected = useStudio((state) => state.ui.selectedLayer);
  const focused = useStudio((state) => state.ui.focusedLayer);
  const front = [...new Set([selected, focused])];
  return (
    <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" className={styles.front}>
      {front.map((name) => {
        const curve = name === null ? undefined : curves.get(name);
        const depth =
          (layers?.findIndex((layer) => layer.name === name) ?? 0) / Math.max(1, (layers?.length ?? 1) - 1);
        return (
          curve && (
            <path
              key={name}
              d={curvePath(curve)}
              data-focused={name === focused}
              style={depthStyle(depth)}
              vectorEffect="non-scaling-stroke"
            />
          )
        );
      })}
    </svg>
  );
}

/** The chosen ranks of the selected method; they move with every frame of a drag, past React. */
function Dots() {
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const curves = useStudio(drawn);
  const focused = useStudio((state) => state.ui.focusedLayer ?? state.ui.selectedLayer);
  const colour = useStudio((state) => lookOf(state.document.settings.method).colour);
  return (
    <LiveCanvas
      select={(state) => state.completed?.plans[state.document.settings.method]?.plan.ranks}
      draw={(pen, ranks = {}) => {
        // The focused layer's dot comes last, over all others.
        const inFront = layers.filter((layer) => layer.name === focused);
        const behind = layers.filter((layer) => layer.name !== focused);
        for (const layer of behind)
          drawDot(pen, layer, curves.get(layer.name), ranks, colour, '--surface', 3);
        for (const layer of inFront) drawDot(pen, layer, curves.get(layer.name), ranks, colour, '--text', 5);
      }}
    />
  );
}

function drawDot(
  { context, width, height, colour }: Pen,
  layer: LayerDescription,
  curve: Curve | undefined,
  ranks: Ranks,
  fill: string,
  rim: string,
  radius: number,
): void {
  const rank = ranks[layer.name];
  if (rank === undefined || !curve) return;
  context.beginPath();
  const [x, y] = [placeOfRank(rank, layer.rankMax) * width, (1 - qualityAt(curve, rank)) * height];
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour(fill);
  context.fill();
  context.strokeStyle = colour(rim);
  context.lineWidth = radius > 3 ? 1.5 : 1;
  context.stroke();
}

/** Name, rank and quality of the layer under the pointer, at a fixed place. */
function FocusedLayerText() {
  const name = useStudio((state) => state.ui.focusedLayer);
  const layer = useStudio((state) => layerNamed(state, name));
  const curve = useStudio((state) => (name === null ? undefined : shownCurves(state)?.curves.get(name)));
  const metric = useStudio((state) => shownCurves(state)?.metric ?? firstMetric);
  const text = useRef<HTMLSpanElement>(null);
  useLive(
    (state) => state.completed?.plans[state.document.settings.method],
    (planned) => {
      if (text.current)
        text.current.textContent = describe(metric, layer, curve, planned?.plan.ranks[layer?.name ?? '']);
    },
  );
  return <span ref={text} className={styles.focused} />;
}

function describe(
  metric: Metric,
  layer: LayerDescription | null,
  curve: Curve | undefined,
  rank: number | null | undefined,
): string {
  const { scale } = metrics.get(metric);
  if (!layer) return scale.meaning;
  const name = shortLayerName(layer.name);
  if (rank === undefined || !curve) return name;
  return rank === null
    ? `${name}: whole`
    : `${name}: rank ${rank} of ${layer.rankMax}, ${scale.textOf(qualityAt(curve, rank))}`;
}
