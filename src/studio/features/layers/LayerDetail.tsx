import { shownCurves } from '../../../project/planning';
import { presentPoints } from '../../../project/points';
import { useRef } from 'react';
import { firstMetric, metrics } from '../../../compression/metrics';
import type { Metric } from '../../../enc/curve';
import type { Factorisation, LayerDescription } from '../../../network/layers';
import { curvePath, qualityAt } from '../../charts/curvePath';
import { PlotFrame, type Tick } from '../../charts/PlotFrame';
import { formatCount, formatInteger, formatPercent, shortLayerName } from '../../../project/numbers';
import { offeredMethods } from '../../model/methods';
import { greatestRank } from '../../../project/layerDecisions';
import { layerNamed, selectedLayers } from '../../store/selectors';
import { useLive, useStudio } from '../../context/context';
import { heightOf, pointMarks, type PointMark } from '../../model/shown';
import styles from './LayerDetail.module.css';
import { RankControl } from './RankControl';
import { RankHandle } from './RankHandle';
import { SeveralLayers } from './SeveralLayers';

const kinds: Readonly<Record<Factorisation, string>> = {
  spatial: 'D×1, then 1×D',
  channel: 'D×D, then 1×1',
  dense: 'two dense layers',
};

/** What is known of the selected layer: shape, cost, why it is kept if it is, and its curve. */
export function LayerDetail() {
  const name = useStudio((state) => state.ui.focusedLayer ?? state.ui.selectedLayer);
  const layer = useStudio((state) => layerNamed(state, name));
  const several = useStudio(selectedLayers);
  return (
    <section className={styles.detail} aria-label={several.length > 1 ? 'Selected layers' : 'Selected layer'}>
      {several.length > 1 ? (
        <SeveralLayers layers={several} />
      ) : layer ? (
        <Details layer={layer} />
      ) : (
        <p className={styles.hint}>Choose a layer to see its curve.</p>
      )}
    </section>
  );
}

function Details({ layer }: { readonly layer: LayerDescription }) {
  const total = useStudio((state) => state.network?.summary.macs) ?? 1;
  const isOverridden = useStudio((state) => state.document.settings.overrides[layer.name] !== undefined);
  const reason = layer.kept ?? (isOverridden ? null : layer.keptByDefault);
  const facts: readonly (readonly [string, string])[] = [
    ['MACs', `${formatCount(layer.macs)} (${formatPercent(layer.macs / total)})`],
    ['Parameters', formatInteger(layer.parameters)],
    ['Largest useful rank', layer.rankMax > 0 ? `${layer.rankMax} of ${layer.rankFull}` : 'none'],
    ['Each rank costs', `${formatCount(layer.macsPerRank)} MACs`],
    ['Factors', layer.kept === null ? kinds[layer.factorisation] : 'none'],
  ];
  return (
    <>
      <h2 className={styles.title} title={layer.name}>
        {shortLayerName(layer.name)} <span>{layer.shape}</span>
      </h2>
      <dl className={styles.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {reason ? <p className={styles.reason}>{reason}</p> : <LayerCurve layer={layer} />}
      {greatestRank(layer) > 0 && <RankControl layer={layer} />}
    </>
  );
}

function LayerCurve({ layer }: { readonly layer: LayerDescription }) {
  const energy = useStudio((state) => state.network?.curves.get(layer.name));
  const metric = useStudio((state) => shownCurves(state)?.metric ?? firstMetric);
  const shown = useStudio((state) => shownCurves(state)?.curves.get(layer.name));
  const points = useStudio((state) => presentPoints(state));
  const { scale, needs } = metrics.get(metric);
  const own = pointMarks(metric, layer, points);
  const curve = shown && {
    ...shown,
    quality: shown.quality.map((quality) => heightOf(metric, quality)),
  };
  const marks = useRef<SVGSVGElement>(null);
  useLive(
    (state) => state.completed?.plans,
    (plans) => {
      offeredMethods().forEach(({ method }, index) => {
        const mark = marks.current?.children[index];
        const rank = plans?.[method]?.plan.ranks[layer.name];
        const isShown = curve !== undefined && rank !== undefined;
        mark?.setAttribute('visibility', isShown ? 'visible' : 'hidden');
        if (!isShown) return;
        mark?.setAttribute('x', `${(rank === null ? 1 : rank / layer.rankMax) * 100}%`);
        mark?.setAttribute('y', `${(1 - qualityAt(curve, rank)) * 100}%`);
      });
    },
  );
  if (!curve) return <p className={styles.reason}>Its kernel is being factorised.</p>;
  return (
    <div className={styles.chart}>
      <PlotFrame
        title={scale.title}
        summary={summaryOf(layer, metric, own)}
        xTicks={rankTicks(layer.rankMax)}
        yTicks={scale.fewTicks}
        xTitle="rank"
        gutterLeft={40}
      >
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" className={styles.curve}>
          {needs.images && energy && (
            <path d={curvePath(energy, 1)} data-behind="true" vectorEffect="non-scaling-stroke" />
          )}
          <path d={curvePath(curve, 1)} vectorEffect="non-scaling-stroke" />
        </svg>
        <svg aria-hidden="true" className={styles.points}>
          {own.map((point) => (
            <RawPoint key={point.rank} point={point} rankMax={layer.rankMax} />
          ))}
        </svg>
        <svg ref={marks} aria-hidden="true">
          {offeredMethods().map((look) => (
            <svg key={look.method} overflow="visible">
              <path d={look.mark} fill={`var(${look.colour})`} className={styles.mark} />
            </svg>
          ))}
        </svg>
        <RankHandle key={layer.name} layer={layer} curve={curve} />
      </PlotFrame>
    </div>
  );
}

/** A measured point with its 95 % interval. */
function RawPoint({ point, rankMax }: { readonly point: PointMark; readonly rankMax: number }) {
  const x = `${(point.rank / rankMax) * 100}%`;
  const y = (at: number) => `${(1 - at) * 100}%`;
  return (
    <g>
      <line x1={x} x2={x} y1={y(point.low)} y2={y(point.high)} />
      <circle cx={x} cy={y(point.at)} r="2.6" />
    </g>
  );
}

function summaryOf(layer: LayerDescription, metric: Metric, points: readonly PointMark[]): string {
  const range = `${layer.name} from rank 1 to ${layer.rankMax}`;
  const { scale, needs, label } = metrics.get(metric);
  if (!needs.images) return `${label} curve of ${range}.`;
  const measured = points.map(({ rank, images }) => `rank ${rank} on ${images} images`).join(', ');
  return `${scale.title} of ${range}, measured at ${measured || 'no rank yet'}; energy behind.`;
}

/** The ends and round ranks between them. */
function rankTicks(rankMax: number): Tick[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((candidate) => rankMax / candidate <= 6) ?? 1000;
  const ranks = Array.from({ length: rankMax }, (_, index) => index + 1).filter((rank) => rank % step === 0);
  const kept = ranks.filter((rank) => rankMax - rank >= step * 0.6);
  return [...kept, rankMax].map((rank) => ({ at: rank / rankMax, text: String(rank) }));
}
