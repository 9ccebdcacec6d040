import { searchedRanks } from '../../../project/explaining';
import { formatPercent, formatTarget } from '../../../project/numbers';
import { plannerOf } from '../../../project/planning';
import { PlotFrame, type Tick } from '../../charts/PlotFrame';
import { useStudio } from '../../context/context';
import styles from './Explanation.module.css';

/** Height of the largest useful rank; what stands above it is whole. */
const rankMaxAt = 0.86;
const yTicks: readonly Tick[] = [
  { at: 0, text: '0' },
  { at: 0.5 * rankMaxAt, text: '50 %' },
  { at: rankMaxAt, text: '100 %' },
  { at: 1, text: 'whole' },
];

/** The ranks among which ENC-Model looks, layer by layer, and those that it took. */
export function SpacePart() {
  const planner = useStudio(plannerOf);
  const target = useStudio((state) => state.document.settings.target);
  const candidates = useStudio((state) => state.document.settings.candidates);
  const space = planner && searchedRanks(planner, target);
  if (!space) return null;
  const { layers, spread, digits } = space;
  const width = 100 / layers.length;
  const height = (rank: number | null, rankMax: number) => (rank === null ? 1 : (rank / rankMax) * rankMaxAt);
  return (
    <section>
      <h3>The candidates: more than anyone could try</h3>
      <p>
        An equal loss in every layer need not be the best for the network as a whole.{' '}
        {spread === null
          ? 'ENC-Model looks at every rank of every layer'
          : `ENC-Model looks at all ranks between ENC-Map’s plans at ${formatTarget(Math.max(0, target - spread))} and at ${formatTarget(target + spread)}`}
        : about {countText(digits)} configurations. Because quality multiplies and cost adds up, it need not
        try them: it builds the best plan layer by layer for every cost, which gives exactly the one with the
        greatest predicted quality, and the next best ones. ENC-Inf runs the {candidates} most promising on
        the selection images, and those that fall behind drop out.
      </p>
      <div className={styles.single}>
        <PlotFrame
          title="Ranks that are searched"
          summary={`${layers.length} layers; ${countText(digits)} configurations${spread === null ? '' : `, within ${formatPercent(spread, 0)} of the target`}.`}
          xTicks={[]}
          yTicks={yTicks}
          xTitle="layers in network order; dots are ENC-Model’s ranks"
        >
          <svg aria-hidden="true" className={styles.ranges}>
            {layers.map(({ layer, rankMax, least, most }, at) => {
              const [low, high] = [height(least, rankMax), height(most, rankMax)];
              return (
                <rect
                  key={layer}
                  x={`${(at + 0.2) * width}%`}
                  width={`${0.6 * width}%`}
                  y={`${(1 - high) * 100}%`}
                  height={`${Math.max(0.8, (high - low) * 100)}%`}
                />
              );
            })}
          </svg>
          <svg aria-hidden="true" className={styles.dots} data-method="model">
            {layers.map(({ layer, rankMax, chosen }, at) => (
              <circle
                key={layer}
                cx={`${(at + 0.5) * width}%`}
                cy={`${(1 - height(chosen, rankMax)) * 100}%`}
                r="3.5"
              />
            ))}
          </svg>
        </PlotFrame>
      </div>
    </section>
  );
}

/** "240", "3.1 × 10^21" with the exponent raised. */
function countText(digits: number): string {
  if (digits < 4) return String(Math.round(10 ** digits));
  const exponent = Math.floor(digits);
  const raised = String(exponent).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!);
  return `${(10 ** (digits - exponent)).toFixed(1)} × 10${raised}`;
}
