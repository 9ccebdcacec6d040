import { metrics } from '../../../compression/metrics';
import { greatest, least } from '../../../linalg/extremes';
import { equalLosses } from '../../../project/explaining';
import { formatPercent, formatTarget } from '../../../project/numbers';
import { plannerOf, shownCurves } from '../../../project/planning';
import { curvePath, rankMaxAt, wholeAt } from '../../charts/curvePath';
import { PlotFrame, type Tick } from '../../charts/PlotFrame';
import { useStudio } from '../../context/context';
import { drawnCurves, heightOf } from '../../model/shown';
import styles from './Explanation.module.css';

const xTicks: readonly Tick[] = [0, 0.25, 0.5, 0.75, 1]
  .map((share) => ({ at: share * rankMaxAt, text: formatPercent(share, 0) }))
  .with(4, { at: rankMaxAt, text: '100 %' });

/** All curves with one level drawn through them: the ranks that ENC-Map takes. */
export function EqualLossPart() {
  const planner = useStudio(plannerOf);
  const shown = useStudio(shownCurves);
  const target = useStudio((state) => state.document.settings.target);
  const chosen = planner ? equalLosses(planner, target) : [];
  if (!planner || !shown || chosen.length === 0) return null;
  const { scale, label } = metrics.get(shown.metric);
  const curves = drawnCurves(shown);
  const rankMax = new Map(planner.problem.layers.map((layer) => [layer.name, layer.rankMax]));
  const cut = chosen.filter(({ rank }) => rank !== null);
  const qualities = cut.map(({ quality }) => quality).toSorted((a, b) => a - b);
  const middle = qualities[Math.floor(qualities.length / 2)] ?? 1;
  const ranks = cut.map(({ layer, rank }) => rank! / rankMax.get(layer)!);
  return (
    <section>
      <h3>Equal loss: every layer gives up the same</h3>
      <p>
        Layers do not lose alike: some keep most of their quality at a few filters, others need nearly all.
        ENC-Map draws one level through all curves and gives each layer the rank at which its curve meets it,
        as high as the target allows.{' '}
        {cut.length > 0
          ? `At ${formatTarget(target)} the level is about ${formatPercent(middle)} (${label}): ${cut.length} of ${chosen.length} layers are cut, to between ${formatPercent(least(ranks), 0)} and ${formatPercent(greatest(ranks), 0)} of their largest useful ranks.`
          : `At ${formatTarget(target)} no layer has to be cut.`}
      </p>
      <div className={styles.single}>
        <PlotFrame
          title="One level through all curves"
          summary={`Curves of ${curves.size} layers; ENC-Map’s ranks lie at a quality of about ${formatPercent(middle)}.`}
          xTicks={xTicks}
          yTicks={scale.fewTicks}
          xTitle="share of the largest useful rank; at the right edge: whole"
        >
          <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" className={styles.faint}>
            {chosen.map(({ layer }) => {
              const curve = curves.get(layer);
              return curve && <path key={layer} d={curvePath(curve)} vectorEffect="non-scaling-stroke" />;
            })}
          </svg>
          <svg aria-hidden="true" className={styles.level}>
            <line
              x1="0"
              x2="100%"
              y1={`${(1 - heightOf(shown.metric, middle)) * 100}%`}
              y2={`${(1 - heightOf(shown.metric, middle)) * 100}%`}
            />
          </svg>
          <svg aria-hidden="true" className={styles.dots}>
            {chosen.map(({ layer, rank, quality }) => (
              <circle
                key={layer}
                cx={`${(rank === null ? wholeAt : (rank / rankMax.get(layer)!) * rankMaxAt) * 100}%`}
                cy={`${(1 - heightOf(shown.metric, quality)) * 100}%`}
                r="3.5"
              />
            ))}
          </svg>
        </PlotFrame>
      </div>
    </section>
  );
}
