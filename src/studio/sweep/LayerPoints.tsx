import { accuracyInterval, pointsOfLayer } from '../../enc/sweep/points';
import type { LayerDescription } from '../../network/layers';
import { curvePath } from '../charts/curvePath';
import { useStudio } from '../store/context';
import styles from './LayerPoints.module.css';

/**
 * A layer's raw points over its energy curve: accuracy (or agreement) with Wilson's interval, in the divergence's
 * metric exp(−d), which is what its curve goes through.
 */
export function LayerPoints({ layer }: { readonly layer: LayerDescription }) {
  const all = useStudio((state) => state.sweep.points);
  const metric = useStudio((state) => state.network?.driving.metric ?? 'energy');
  const energy = useStudio((state) => state.network?.curves.get(layer.name));
  const points = pointsOfLayer(layer, all);
  return (
    <>
      {energy && metric !== 'energy' && (
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          <path d={curvePath(energy, 1)} className={styles.energy} vectorEffect="non-scaling-stroke" />
        </svg>
      )}
      <svg role="img" aria-label={`${points.length} measured points`} overflow="visible">
        {points.map((point) => {
          const x = `${(point.rank / layer.rankMax) * 100}%`;
          const share = metric === 'divergence' ? Math.exp(-point.divergence) : point.correct / point.images;
          const { low, high } = accuracyInterval(point);
          return (
            <g key={point.rank} className={styles.point}>
              {metric !== 'divergence' && (
                <line x1={x} x2={x} y1={`${(1 - low) * 100}%`} y2={`${(1 - high) * 100}%`} />
              )}
              <circle cx={x} cy={`${(1 - share) * 100}%`} r={2.5} />
            </g>
          );
        })}
      </svg>
    </>
  );
}
