import { useRef, type ReactNode } from 'react';
import { firstMetric, metrics } from '../../../compression/metrics';
import type { Metric } from '../../../enc/curve';
import type { LayerDescription } from '../../../network/layers';
import { shownCurves } from '../../../project/planning';
import { presentPoints } from '../../../project/points';
import { curvePath, qualityAt } from '../../charts/curvePath';
import { PlotFrame } from '../../charts/PlotFrame';
import { useLive, useStudio } from '../../context/context';
import { offeredMethods } from '../../model/methods';
import { heightOf, pointMarks, type PointMark } from '../../model/shown';
import styles from './LayerDetail.module.css';
import { RankHandle } from './RankHandle';
import { rankTicks } from './rankTicks';
import { ownValue } from '../../../network/ownValue';

interface LayerCurveProps {
  readonly layer: LayerDescription;
  /** Stands in place of the title. */
  readonly heading?: ReactNode;
}

/** How much of a layer's quality each rank keeps, with the points that were measured and the ranks that methods chose. */
export function LayerCurve({ layer, heading }: LayerCurveProps) {
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
        const rank = ownValue(plans?.[method]?.plan.ranks ?? {}, layer.name);
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
        heading={heading}
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
