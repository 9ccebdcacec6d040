import type { LayerBlock } from '../../../project/layerOrder';
import { formatPercent } from '../../../project/numbers';
import { useActions, useStudio } from '../../context/context';
import styles from './LayersTable.module.css';

interface BlockRowProps {
  readonly block: LayerBlock;
  readonly isFolded: boolean;
  /** Of the network's MACs. */
  readonly share: number;
  /** Whether the keyboard comes to it first. */
  readonly isCurrent: boolean;
}

/** The heading over the layers of a block, with what they have together; it puts them away and brings them back. */
export function BlockRow({ block, isFolded, share, isCurrent }: BlockRowProps) {
  const { id, title, layers } = block;
  const folded = useStudio((state) => state.ui.layersView.folded);
  const { viewLayers } = useActions();
  const toggle = () =>
    viewLayers({ folded: isFolded ? folded.filter((other) => other !== id) : [...folded, id] });
  return (
    <tr role="row" className={styles.block} data-block={id}>
      <th role="rowheader" className={styles.name}>
        <button
          type="button"
          className={styles.fold}
          aria-expanded={!isFolded}
          tabIndex={isCurrent ? 0 : -1}
          title={title}
          onClick={toggle}
        >
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <path d={isFolded ? 'M3 1.5 7 5 3 8.5' : 'M1.5 3 5 7 8.5 3'} />
          </svg>
          <span>{title}</span>
          <small>{layers.length === 1 ? '1 layer' : `${layers.length} layers`}</small>
        </button>
      </th>
      <td role="gridcell" className={styles.share}>
        <span className={styles.shareText}>{formatPercent(share)}</span>
      </td>
      <td role="gridcell" className={`${styles.number} ${styles.live}`} data-share title="kept of its MACs" />
      <td role="gridcell" className={`${styles.number} ${styles.live}`} data-value />
      <td role="gridcell" />
    </tr>
  );
}
