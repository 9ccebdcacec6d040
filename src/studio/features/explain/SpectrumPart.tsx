import type { LayerDescription } from '../../../network/layers';
import { spectrumKey } from '../../../project/factorisations';
import { formatPercent, formatQuality } from '../../../project/numbers';
import { curvePath, qualityAt } from '../../charts/curvePath';
import { PlotFrame, type Tick } from '../../charts/PlotFrame';
import { useStudio } from '../../context/context';
import { rankTicks } from '../layers/rankTicks';
import styles from './Explanation.module.css';

const shares: readonly Tick[] = [0, 0.5, 1].map((at) => ({ at, text: formatPercent(at, 0) }));

interface SpectrumPartProps {
  readonly layer: LayerDescription;
  readonly rank: number;
}

/** The singular values of a layer, and the energy curve that they make. */
export function SpectrumPart({ layer, rank }: SpectrumPartProps) {
  const { name, factorisation, rankMax } = layer;
  const values = useStudio(({ network }) => network?.spectra.get(spectrumKey(name, factorisation)));
  const curve = useStudio(({ network }) => network?.curves.get(name));
  if (!values || !curve) return <p role="status">Its kernel is being factorised.</p>;
  const energy = qualityAt(curve, rank);
  const [greatest = 1] = values;
  const shown = values.subarray(0, rankMax);
  const x = (at: number) => at / rankMax;
  return (
    <section>
      <h3>Singular values say what each filter is worth</h3>
      <p>
        Every filter between the factors adds as much as its singular value, and they fall: the first is{' '}
        {formatQuality(greatest)}, number {rank} is {formatQuality(values[rank - 1] ?? 0)}. Whatever rank is
        chosen, the greatest are kept. Energy is the share of their sum beyond the first that stays, up to the
        largest useful rank, {rankMax}, where two factors cost as much as the layer itself:{' '}
        {formatPercent(energy)} at rank {rank}. It takes no images.
      </p>
      <div className={styles.pair}>
        <PlotFrame
          title="Singular values"
          summary={`From ${formatQuality(greatest)} at 1 to ${formatQuality(shown.at(-1) ?? 0)} at ${rankMax}.`}
          xTicks={rankTicks(rankMax)}
          yTicks={[0, 0.5, 1].map((at) => ({ at, text: formatQuality(at * greatest) }))}
          xTitle="number of the filter"
        >
          <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" className={styles.bars}>
            {Array.from(shown, (value, index) => (
              <rect
                key={index}
                x={x(index + 0.1)}
                width={x(0.8)}
                y={1 - value / (greatest || 1)}
                height={value / (greatest || 1)}
                data-kept={index < rank}
              />
            ))}
          </svg>
        </PlotFrame>
        <PlotFrame
          title="Energy by rank"
          summary={`${formatPercent(energy)} at rank ${rank} of ${rankMax}.`}
          xTicks={rankTicks(rankMax)}
          yTicks={shares}
          xTitle="rank"
        >
          <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" className={styles.line}>
            <path d={curvePath(curve, 1)} vectorEffect="non-scaling-stroke" />
          </svg>
          <svg aria-hidden="true" className={styles.dots}>
            <circle cx={`${x(rank) * 100}%`} cy={`${(1 - energy) * 100}%`} r="5" />
          </svg>
        </PlotFrame>
      </div>
    </section>
  );
}
