import { useId, useState } from 'react';
import type { LayerDescription } from '../../../network/layers';
import { decisionOf, greatestRank } from '../../../project/layerDecisions';
import { formatCount, formatInteger, formatPercent, shortLayerName } from '../../../project/numbers';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import { NumberField } from '../../ui/NumberField';
import styles from './SeveralLayers.module.css';
import { MultipleSelect } from './MultipleSelect';
import { canChooseSplit, SplitSelect } from './SplitSelect';
import { useLayerDecisions } from './useLayerDecisions';

/** Names that are listed; of more only how many they are. */
const mostNames = 6;

/** What is known of several layers together, and what can be decided about all of them. */
export function SeveralLayers({ layers }: { readonly layers: readonly LayerDescription[] }) {
  const total = useStudio((state) => state.network?.summary.macs) ?? 1;
  const canSplit = useStudio((state) => canChooseSplit(state.network, layers));
  const { freeLayers, keepLayersWhole, lockLayers } = useActions();
  const sum = (of: (layer: LayerDescription) => number) => layers.reduce((all, layer) => all + of(layer), 0);
  const macs = sum((layer) => layer.macs);
  const names = layers.slice(0, mostNames).map(({ name }) => shortLayerName(name));
  const rest = layers.length - names.length;
  return (
    <div className={styles.several}>
      <h2 className={styles.title}>{layers.length} layers selected</h2>
      <p className={styles.names}>
        {names.join(', ')}
        {rest > 0 && ` and ${rest} more`}
      </p>
      <p className={styles.facts}>
        {formatCount(macs)} MACs ({formatPercent(macs / total)}),{' '}
        {formatInteger(sum((layer) => layer.parameters))} parameters. <Decided layers={layers} />
      </p>
      <p className={styles.acts}>
        <Button onClick={() => lockLayers(layers)}>Lock at these ranks</Button>
        <Button onClick={() => keepLayersWhole(layers)}>Keep whole</Button>
        <Button onClick={() => freeLayers(layers)}>Let methods choose</Button>
        {canSplit && (
          <label>
            Factors <SplitSelect layers={layers} label="Factors of the selected layers" />
          </label>
        )}
        <MultipleSelect layers={layers} label="Multiples for the selected layers" />
      </p>
      <ShareBounds layers={layers} />
    </div>
  );
}

/** "2 locked, 1 whole, 3 chosen by methods." */
function Decided({ layers }: { readonly layers: readonly LayerDescription[] }) {
  const settings = useLayerDecisions();
  const kinds = layers.map((layer) => decisionOf(settings, layer).kind);
  const words = { locked: 'locked', bounded: 'bounded', whole: 'whole', free: 'chosen by methods' } as const;
  const counted = (Object.keys(words) as (keyof typeof words)[]).flatMap((kind) => {
    const count = kinds.filter((own) => own === kind).length;
    return count > 0 ? [`${count} ${words[kind]}`] : [];
  });
  return <span role="status">{counted.join(', ')}.</span>;
}

/** Bounds in shares of each layer's greatest rank, as ranks of different layers do not compare. */
function ShareBounds({ layers }: { readonly layers: readonly LayerDescription[] }) {
  const [least, setLeast] = useState(10);
  const [most, setMost] = useState(60);
  const { boundLayers } = useActions();
  const note = useId();
  const rankAt = (layer: LayerDescription, percent: number) =>
    Math.max(1, Math.round((percent / 100) * greatestRank(layer)));
  return (
    <p className={styles.bounds} role="group" aria-label="Bounds">
      <NumberField
        label="Least share of the largest rank in percent"
        value={least}
        range={{ min: 0, max: most, unit: '%' }}
        onValue={setLeast}
      />
      <span>to</span>
      <NumberField
        label="Greatest share of the largest rank in percent"
        value={most}
        range={{ min: least, max: 100, unit: '%' }}
        onValue={setMost}
      />
      <span id={note}>% of the largest useful rank</span>
      <Button
        aria-describedby={note}
        onClick={() =>
          boundLayers(layers, (layer) => ({ least: rankAt(layer, least), most: rankAt(layer, most) }))
        }
      >
        Bound
      </Button>
    </p>
  );
}
