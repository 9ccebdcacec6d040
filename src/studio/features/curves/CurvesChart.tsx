import { shownCurves } from '../../../project/planning';
import { memo, useMemo, useRef, useState, type CSSProperties } from 'react';
import { firstMetric, metrics } from '../../../compression/metrics';
import { remembered } from '../../../project/remembered';
import type { Curve, Metric } from '../../../enc/curve';
import type { LayerDescription } from '../../../network/layers';
import { shortLayerName } from '../../../project/numbers';
import { lookOf } from '../../model/methods';
import { MetricSwitch } from './MetricSwitch';
import { PointsMenu } from './PointsMenu';
import { SweepTimeSwitch } from './SweepTimeSwitch';
import { layerNamed } from '../../store/selectors';
import type { StudioState } from '../../store/state';
import { drawnCurves } from '../../model/shown';
import { useActions, useLive, useStudio, useStudioState } from '../../context/context';
import styles from './CurvesChart.module.css';
import { curvePath, nearestCurve, qualityAt, wholeAt } from '../../charts/curvePath';
import type { Pen } from '../../charts/drawing';
import { LiveCanvas } from '../../context/LiveCanvas';
import { PlotFrame, type PlotPoint } from '../../charts/PlotFrame';
import { HeadingChoice } from '../../ui/HeadingChoice';
import { curveAxis, curveAxisTitles, placeOfRank, type CurveAxis, type CurveAxisName } from './curveAxes';
import { ownValue } from '../../../network/ownValue';

/** The curves as they are drawn. */
const drawn = remembered(
  (state: StudioState) => [shownCurves(state)],
  (state): ReadonlyMap<string, Curve> => {
    const shown = shownCurves(state);
    return shown ? drawnCurves(shown) : new Map<string, Curve>();
  },
);

/** Layers that stand out from all others, which fade: several that are selected together, or the one that is pointed at. */
const standingOut = remembered(
  ({ ui, network }: StudioState) => [ui.focusedLayer, ui.selectedLayers, ui.selectedLayer, network],
  (state): ReadonlySet<string> => {
    const { focusedLayer, selectedLayers: several } = state.ui;
    return new Set([
      ...(several.length > 1 ? several : []),
      ...(focusedLayer === null ? [] : [focusedLayer]),
    ]);
  },
);

/** Every layer's curve, the chosen ranks as dots on them, the focused and the selected layers in front. */
export function CurvesChart() {
  const getState = useStudioState();
  const { focusLayer, selectLayer } = useActions();
  const count = useStudio((state) => drawn(state).size);
  const metric = useStudio((state) => shownCurves(state)?.metric ?? firstMetric);
  const layers = useStudio((state) => state.network?.summary.layers) ?? noLayers;
  const macs = useStudio((state) => state.network?.summary.macs) ?? 1;
  const [against, setAgainst] = useState<CurveAxisName>('rank');
  const axis = useMemo(() => curveAxis(against, layers, macs), [against, layers, macs]);
  const { scale } = metrics.get(metric);

  function layerAt({ x, y }: PlotPoint): string | null {
    const ends = new Map(layers.map((layer) => [layer.name, axis.endOf(layer)]));
    return nearestCurve(drawn(getState()), x, y, (name) => ends.get(name) ?? 1);
  }

  return (
    <PlotFrame
      title="Layers’ curves"
      summary={`${scale.meaning} by ${against === 'rank' ? 'share of the largest useful rank' : 'MACs of the layer'}, one curve per layer, ${count} layers. The table of layers gives the chosen ranks; layers that are selected there stand out here.`}
      aside={
        <>
          <MetricSwitch />
          <SweepTimeSwitch />
          <PointsMenu />
        </>
      }
      xTicks={axis.ticks}
      yTicks={scale.ticks}
      xTitle={
        <HeadingChoice
          isOfAxis
          label="Curves are drawn against"
          value={against}
          offered={curveAxisTitles}
          onChoose={setAgainst}
        />
      }
      onPointer={(at) => focusLayer(at && layerAt(at))}
      onPick={(at) => {
        const layer = layerAt(at);
        if (layer) selectLayer(layer);
      }}
    >
      {axis.hasLane && <WholeLane />}
      <Lines axis={axis} />
      <FrontLines axis={axis} />
      <Dots axis={axis} />
      <FocusedLayerText />
    </PlotFrame>
  );
}

const noLayers: readonly LayerDescription[] = [];

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

interface OnAxis {
  readonly axis: CurveAxis;
}

function Lines({ axis }: OnAxis) {
  const layers = useStudio((state) => state.network?.summary.layers);
  const curves = useStudio(drawn);
  const isQuiet = useStudio((state) => standingOut(state).size > 0);
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
          curve && (
            <Line
              key={layer.name}
              curve={curve}
              width={axis.endOf(layer)}
              depth={index / Math.max(1, layers.length - 1)}
            />
          )
        );
      })}
    </svg>
  );
}

interface LineProps {
  readonly curve: Curve;
  /** Of the plot's: how far it goes. */
  readonly width: number;
  readonly depth: number;
}

/**
 * One curve, drawn once: the same curve at the same place never renders again. A path of its own, not a line of recharts:
 * every measured point replaces one of the curves, which with 58 of them takes 0.4 to 0.9 ms so, and took 160 to 180 ms
 * as lines over one grid of recharts, 1.3 to 1.8 s as lines with points of their own (one run on a busy machine).
 */
const Line = memo(function Line({ curve, width, depth }: LineProps) {
  return <path d={curvePath(curve, width)} style={depthStyle(depth)} vectorEffect="non-scaling-stroke" />;
});

function depthStyle(depth: number): CSSProperties {
  return { '--depth': `${(depth * 100).toFixed(1)}%` } as CSSProperties;
}

/** The curves of the selected and the focused layers, over all others. */
function FrontLines({ axis }: OnAxis) {
  const layers = useStudio((state) => state.network?.summary.layers) ?? noLayers;
  const curves = useStudio(drawn);
  const selected = useStudio((state) => state.ui.selectedLayer);
  const focused = useStudio((state) => state.ui.focusedLayer);
  const out = useStudio(standingOut);
  const front = layers.filter(({ name }) => name === selected || out.has(name));
  return (
    <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" className={styles.front}>
      {front
        .toSorted((a, b) => Number(a.name === focused) - Number(b.name === focused))
        .map((layer) => {
          const curve = curves.get(layer.name);
          return (
            curve && (
              <path
                key={layer.name}
                d={curvePath(curve, axis.endOf(layer))}
                data-layer={layer.name}
                data-focused={layer.name === focused}
                style={depthStyle(layers.indexOf(layer) / Math.max(1, layers.length - 1))}
                vectorEffect="non-scaling-stroke"
              />
            )
          );
        })}
    </svg>
  );
}

/** The chosen ranks of the selected method; they move with every frame of a drag, past React. */
function Dots({ axis }: OnAxis) {
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
        const draw = (layer: LayerDescription, rim: string, radius: number) => {
          const [rank, curve] = [ownValue(ranks, layer.name), curves.get(layer.name)];
          if (rank === undefined || !curve) return;
          drawDot(pen, placeOfRank(axis, layer, rank), qualityAt(curve, rank), { fill: colour, rim, radius });
        };
        for (const layer of behind) draw(layer, '--surface', 3);
        for (const layer of inFront) draw(layer, '--text', 5);
      }}
    />
  );
}

interface DotLook {
  /** Names of colours. */
  readonly fill: string;
  readonly rim: string;
  readonly radius: number;
}

/** A dot at shares of the plot's width and height. */
function drawDot(
  { context, width, height, colour }: Pen,
  x: number,
  y: number,
  { fill, rim, radius }: DotLook,
): void {
  context.beginPath();
  context.arc(x * width, (1 - y) * height, radius, 0, 2 * Math.PI);
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
        text.current.textContent = describe(
          metric,
          layer,
          curve,
          ownValue(planned?.plan.ranks ?? {}, layer?.name ?? ''),
        );
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
