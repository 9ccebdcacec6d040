import type { LayerDescription } from '../../../network/layers';
import {
  decisionOf,
  greatestRank,
  type LayerDecision,
  type RankBounds,
} from '../../../project/layerDecisions';
import { shortLayerName } from '../../../project/numbers';
import { useActions, useStudioState } from '../../context/context';
import { NumberField } from '../../ui/NumberField';
import { MultipleSelect } from './MultipleSelect';
import styles from './RankControl.module.css';
import { ownValue } from '../../../network/ownValue';
import { useLayerDecisions } from './useLayerDecisions';

/** What can be decided about a layer's rank, as the control says it. */
const kinds = {
  free: 'chosen by methods',
  locked: 'locked at',
  least: 'at least',
  most: 'at most',
  between: 'between',
  whole: 'none: kept whole',
} as const;
type Kind = keyof typeof kinds;

function kindOf(decision: LayerDecision): Kind {
  if (decision.kind !== 'bounded') return decision.kind;
  const { least, most } = decision.bounds;
  return most === undefined ? 'least' : least === undefined ? 'most' : 'between';
}

/** What a person decides about one layer's rank. */
export function RankControl({ layer }: { readonly layer: LayerDescription }) {
  const settings = useLayerDecisions();
  const getState = useStudioState();
  const { freeLayers, keepLayersWhole, boundLayers } = useActions();
  const decision = decisionOf(settings, layer);
  const name = shortLayerName(layer.name);
  const greatest = greatestRank(layer);
  const bound = (bounds: RankBounds) => boundLayers([layer], () => bounds);

  function decide(kind: Kind): void {
    const { completed, document } = getState();
    const rank =
      ownValue(completed?.plans[document.settings.method]?.plan.ranks ?? {}, layer.name) ?? greatest;
    switch (kind) {
      case 'free':
        return freeLayers([layer]);
      case 'whole':
        return keepLayersWhole([layer]);
      case 'locked':
        return bound({ least: rank, most: rank });
      case 'least':
        return bound({ least: rank });
      case 'most':
        return bound({ most: rank });
      case 'between':
        return bound({ least: Math.max(1, Math.ceil(rank / 2)), most: Math.max(2, rank) });
    }
  }

  return (
    <p className={styles.control}>
      <label>
        Rank{' '}
        <select
          aria-label={`Rank of ${name}`}
          value={kindOf(decision)}
          onChange={(event) => decide(event.currentTarget.value as Kind)}
        >
          {Object.entries(kinds).map(([kind, text]) => (
            <option key={kind} value={kind}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <Bounds key={layer.name} decision={decision} greatest={greatest} onBounds={bound} />
      <MultipleSelect layers={[layer]} label={`Multiples for ${name}`} />
    </p>
  );
}

interface BoundsProps {
  readonly decision: LayerDecision;
  readonly greatest: number;
  readonly onBounds: (bounds: RankBounds) => void;
}

/** The ranks that a decision names, to be typed. */
function Bounds({ decision, greatest, onBounds }: BoundsProps) {
  const field = (
    label: string,
    value: number,
    onValue: (rank: number) => void,
    range = { min: 1, max: greatest },
  ) => <NumberField label={label} value={value} range={{ ...range, isWhole: true }} onValue={onValue} />;
  if (decision.kind === 'locked')
    return field('Locked rank', decision.rank, (rank) => onBounds({ least: rank, most: rank }));
  if (decision.kind !== 'bounded') return null;
  const { least, most } = decision.bounds;
  return (
    <>
      {least !== undefined &&
        field('Least rank', least, (rank) => onBounds({ ...decision.bounds, least: rank }), {
          min: 1,
          max: most ?? greatest,
        })}
      {least !== undefined && most !== undefined && ' and '}
      {most !== undefined &&
        field('Greatest rank', most, (rank) => onBounds({ ...decision.bounds, most: rank }), {
          min: least ?? 1,
          max: greatest,
        })}
    </>
  );
}
