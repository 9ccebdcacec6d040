import { memo } from 'react';
import type { LayerDescription } from '../../../network/layers';
import { formatPercent, shortLayerName } from '../../../project/numbers';
import { useActions } from '../../context/context';
import { Switch } from '../../ui/Switch';
import styles from './LayersTable.module.css';

interface LayerRowProps {
  readonly layer: LayerDescription;
  /** Of the network's MACs. */
  readonly share: number;
  /** Of the largest layer's MACs: the bar's length. */
  readonly length: number;
  /** Whether the keyboard stands on it. */
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly isFocused: boolean;
  readonly isCut: boolean;
  /** What is decided about its ranks; null where methods choose. */
  readonly fixed: string | null;
}

/** A layer in the table; its rank and what it keeps are written into it past React. */
export const LayerRow = memo(function LayerRow(props: LayerRowProps) {
  const { layer, share, length, isCurrent, isSelected, isFocused, isCut, fixed } = props;
  const { focusLayer, setLayerCut } = useActions();
  const name = shortLayerName(layer.name);
  return (
    <tr
      role="row"
      className={styles.row}
      tabIndex={isCurrent ? 0 : -1}
      aria-selected={isSelected}
      data-focused={isFocused}
      data-layer={layer.name}
      onPointerEnter={() => focusLayer(layer.name)}
      onPointerLeave={() => focusLayer(null)}
      onFocus={() => focusLayer(layer.name)}
      onBlur={() => focusLayer(null)}
    >
      <th role="rowheader" className={styles.name}>
        <span className={styles.text} title={layer.name}>
          <bdi dir="ltr">{name}</bdi>
        </span>{' '}
        <small title={layer.shape}>{layer.shape}</small>
        {fixed !== null && <FixedMark text={fixed} />}
      </th>
      <td role="gridcell" className={styles.share}>
        <span className={styles.bar} style={{ width: `${length * 100}%` }} />
        <span className={styles.shareText}>{formatPercent(share)}</span>
      </td>
      <td role="gridcell" className={`${styles.number} ${styles.live}`}>
        <span data-rank className={styles.rank} />
        <span className={styles.of}>{layer.rankMax > 0 ? ` / ${layer.rankMax}` : ''}</span>
      </td>
      <td role="gridcell" className={`${styles.number} ${styles.live}`} data-value />
      <td role="gridcell" className={styles.number}>
        <Switch
          label={`Cut ${name}`}
          title={layer.kept ?? layer.keptByDefault ?? 'Rank selection may cut this layer'}
          isOn={isCut}
          isDisabled={layer.kept !== null}
          tabIndex={isCurrent ? 0 : -1}
          onChange={(on) => setLayerCut(layer.name, on)}
        />
      </td>
    </tr>
  );
});

/** A padlock at the end of the name: the rank is a person's decision. */
function FixedMark({ text }: { readonly text: string }) {
  return (
    <span className={styles.fixed} title={text}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M3 5.5h6v4.5H3zM4 5.5V4a2 2 0 0 1 4 0v1.5" />
      </svg>
      <span className="visually-hidden">{text}</span>
    </span>
  );
}
