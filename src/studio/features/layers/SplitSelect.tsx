import type { LayerDescription } from '../../../network/layers';
import { alternativeOf } from '../../../project/factorisations';
import type { FactorisationChoice } from '../../../project/settings';
import type { NetworkState } from '../../../project/state';
import { useActions, useStudio } from '../../context/context';
import styles from './SplitSelect.module.css';
import { ownValue } from '../../../network/ownValue';

const words: Readonly<Record<FactorisationChoice, string>> = {
  spatial: 'spatial',
  channel: 'channel',
  automatic: 'automatic',
};

interface SplitSelectProps {
  readonly layers: readonly LayerDescription[];
  readonly label: string;
}

/** Whether any of the layers can be split in more than one way. */
export function canChooseSplit(network: NetworkState | null, layers: readonly LayerDescription[]): boolean {
  return network !== null && layers.some(({ name }) => alternativeOf(network, name));
}

/** How convolutions are split, where there is more than one way. */
export function SplitSelect({ layers, label }: SplitSelectProps) {
  const network = useStudio((state) => state.network);
  const factorisations = useStudio((state) => state.document.settings.factorisations);
  const { splitLayers } = useActions();
  const able = layers.filter(({ name }) => network && alternativeOf(network, name));
  if (able.length === 0) return null;
  const choices = new Set(able.map(({ name }) => ownValue(factorisations, name) ?? 'spatial'));
  const [only] = choices;
  return (
    <select
      className={styles.split}
      aria-label={label}
      title="Spatial: D×1, then 1×D. Channel: D×D, then 1×1. Automatic: whichever keeps more of the kernel at equal cost, in equal time under a budget on time"
      value={choices.size === 1 ? only : ''}
      onChange={(event) => splitLayers(able, event.currentTarget.value as FactorisationChoice)}
    >
      {choices.size > 1 && <option value="">several</option>}
      {Object.entries(words).map(([choice, text]) => (
        <option key={choice} value={choice}>
          {text}
        </option>
      ))}
    </select>
  );
}
