import { costNoun } from '../../../project/costText';
import { imageParts } from '../../../project/images';
import {
  accuracyOf,
  measurementOf,
  originalMeasurement,
  presentRepair,
  repairedMeasurement,
} from '../../../project/measurements';
import {
  formatCount,
  formatHalfWidth,
  formatInteger,
  formatPercent,
  formatTarget,
  shortLayerName,
} from '../../../project/numbers';
import { offeredMethods, sideLook, type PairSide } from '../../model/methods';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { MethodMark } from '../methods/MethodMark';
import { sidePlan } from '../../store/selectors';
import type { StudioState } from '../../store/state';
import type { Measurement } from '../../../project/measurement';
import { useActions, useStudio } from '../../context/context';
import { compareMeasurements, comparisonText } from '../../../project/comparison';
import styles from './CompareDialog.module.css';
import { ownValue } from '../../../network/ownValue';

/** Two methods side by side: what they cost, what they reach, and where their ranks differ. */
export function CompareDialog() {
  const isOpen = useStudio((state) => state.ui.isComparing);
  const { compare } = useActions();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => compare(false)}
      labelledBy="compare-title"
      className={styles.dialog}
    >
      <Comparison />
    </Dialog>
  );
}

function Comparison() {
  const pair = useStudio((state) => state.document.settings.pair);
  const target = useStudio((state) => state.completed?.target ?? state.document.settings.target);
  const cost = useStudio((state) => state.document.settings.cost);
  const { compare } = useActions();
  return (
    <>
      <h2 id="compare-title">
        Compare at {formatTarget(target)} of {costNoun(cost)}
      </h2>
      <Verdict pair={pair} />
      <table className={styles.table}>
        <thead>
          <tr>
            <td />
            <th scope="col">
              <PairChoice side={0} />
            </th>
            <th scope="col">
              <PairChoice side={1} />
            </th>
          </tr>
        </thead>
        <Numbers pair={pair} />
      </table>
      <h3>Ranks that differ</h3>
      <RankDifferences pair={pair} />
      <p className={styles.close}>
        <SaveButton side={pair[0]} />
        <Button onClick={() => compare(false)}>Close</Button>
      </p>
    </>
  );
}

/** Puts the first side's plan aside, to be compared with what other targets or curves give. */
function SaveButton({ side }: { readonly side: PairSide }) {
  const planned = useStudio((state) => state.completed?.plans[side] ?? null);
  const { savePlan } = useActions();
  return (
    <Button disabled={!planned || side === 'saved'} onClick={() => planned && savePlan(planned)}>
      Save {sideLook(side).name}’s plan
    </Button>
  );
}

/** Chooses one of the two methods; also beside the chart of ranks. */
export function PairChoice({ side }: { readonly side: 0 | 1 }) {
  const pair = useStudio((state) => state.document.settings.pair);
  const { request } = useActions();
  const hasSaved = useStudio((state) => state.document.saved !== null);
  const look = sideLook(pair[side]);
  return (
    <label className={styles.choice} style={{ color: `var(${look.colour})` }}>
      <MethodMark look={look} />
      <select
        aria-label={side === 0 ? 'First method' : 'Second method'}
        value={pair[side]}
        onChange={(event) => {
          const method = event.currentTarget.value as PairSide;
          request({ pair: side === 0 ? [method, pair[1]] : [pair[0], method] });
        }}
      >
        {offeredMethods().map(({ method, name }) => (
          <option key={method} value={method}>
            {name}
          </option>
        ))}
        {(hasSaved || pair[side] === 'saved') && <option value="saved">Saved plan</option>}
      </select>
    </label>
  );
}

interface PairProps {
  readonly pair: readonly [PairSide, PairSide];
}

type Stage = 'cut' | 'repaired';

function runOf(state: StudioState, side: PairSide, stage: Stage): Measurement | null {
  const recipe = sidePlan(state, side)?.recipe;
  if (!recipe) return null;
  return stage === 'cut' ? measurementOf(state, recipe) : repairedMeasurement(state, recipe);
}

/** The runs of both sides at one stage: repaired once both are, else as they are cut. */
function stageOf(state: StudioState, pair: PairProps['pair']): Stage {
  return pair.every((side) => runOf(state, side, 'repaired')) ? 'repaired' : 'cut';
}

function Verdict({ pair }: PairProps) {
  const stage = useStudio((state) => stageOf(state, pair));
  const first = useStudio((state) => runOf(state, pair[0], stage));
  const second = useStudio((state) => runOf(state, pair[1], stage));
  const original = useStudio((state) => originalMeasurement(state));
  const labels = useStudio((state) => imageParts(state)?.report.labels ?? null);
  const isToBeRepaired = useStudio((state) => presentRepair(state) !== null);
  const right = labels ?? original?.answers;
  if (!first || !second || !right) {
    return <p className={styles.verdict}>The difference is known once both plans have been measured.</p>;
  }
  const comparison = compareMeasurements(first, second, right);
  return (
    <p className={styles.verdict}>
      {comparisonText(
        sideLook(pair[0]).name,
        sideLook(pair[1]).name,
        comparison,
        labels ? 'top-1' : 'agreement',
      )}{' '}
      {formatInteger(comparison.changed)} of {formatInteger(comparison.images)} answers differ.
      {stage === 'repaired'
        ? ' Both are repaired.'
        : isToBeRepaired && ' Both as they are cut: not both are repaired yet.'}
    </p>
  );
}

function Numbers({ pair }: PairProps) {
  const total = useStudio((state) => state.network?.summary);
  const plans = [
    useStudio((state) => sidePlan(state, pair[0])),
    useStudio((state) => sidePlan(state, pair[1])),
  ];
  const original = useStudio((state) => originalMeasurement(state));
  const cut = [
    useStudio((state) => runOf(state, pair[0], 'cut')),
    useStudio((state) => runOf(state, pair[1], 'cut')),
  ];
  const repaired = [
    useStudio((state) => runOf(state, pair[0], 'repaired')),
    useStudio((state) => runOf(state, pair[1], 'repaired')),
  ];
  const row = (name: string, value: (side: 0 | 1) => string) => (
    <tr key={name}>
      <th scope="row">{name}</th>
      <td>{value(0)}</td>
      <td>{value(1)}</td>
    </tr>
  );
  const accuracy = (runs: readonly (Measurement | null)[]) => (side: 0 | 1) => {
    const run = runs[side];
    const found = run && accuracyOf(run, original);
    return found ? `${formatPercent(found.share)} ${formatHalfWidth(found.interval)}` : 'not measured';
  };
  const measure = original?.top1 === null ? 'Agreement' : 'Top-1 accuracy';
  const share = (value: number | undefined, whole: number | undefined) =>
    value === undefined || !whole ? '–' : `${formatPercent(value / whole)} (${formatCount(value)})`;
  return (
    <tbody>
      {row(`${measure} as cut`, accuracy(cut))}
      {row(`${measure} repaired`, accuracy(repaired))}
      {row('MACs', (side) => share(plans[side]?.costs.macs, total?.macs))}
      {row('Parameters', (side) => share(plans[side]?.costs.parameters, total?.parameters))}
      {row('Bytes', (side) => {
        const bytes = plans[side]?.costs.bytes;
        return bytes === undefined ? '–' : `≈ ${formatInteger(bytes)}`;
      })}
    </tbody>
  );
}

/** Layers whose rank differs, farthest first. */
function RankDifferences({ pair }: PairProps) {
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const a = useStudio((state) => sidePlan(state, pair[0])?.ranks);
  const b = useStudio((state) => sidePlan(state, pair[1])?.ranks);
  if (!a || !b)
    return (
      <p className={styles.note}>One of the two has no plan yet: ENC-Inf’s comes when its race is over.</p>
    );
  const rows = layers
    .filter(({ name }) => ownValue(a, name) !== undefined && ownValue(a, name) !== ownValue(b, name))
    .map((layer) => ({
      layer,
      first: ownValue(a, layer.name) ?? null,
      second: ownValue(b, layer.name) ?? null,
    }))
    .map((row) => ({
      ...row,
      gap: shareOf(row.second, row.layer.rankMax) - shareOf(row.first, row.layer.rankMax),
    }))
    .sort((x, y) => Math.abs(y.gap) - Math.abs(x.gap));
  if (rows.length === 0) return <p className={styles.note}>None: both methods choose the same ranks.</p>;
  return (
    <div className={styles.ranks}>
      <table aria-label="Ranks that differ">
        <tbody>
          {rows.map(({ layer, first, second, gap }) => (
            <tr key={layer.name}>
              <th scope="row" title={layer.name}>
                {shortLayerName(layer.name)}
              </th>
              <td>{first ?? 'whole'}</td>
              <td className={styles.bar} aria-hidden="true">
                <span data-more={gap > 0} style={{ width: `${Math.abs(gap) * 50}%` }} />
              </td>
              <td>{second ?? 'whole'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function shareOf(rank: number | null, rankMax: number): number {
  return rank === null ? 1 : rank / rankMax;
}
