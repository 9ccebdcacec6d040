import type { LayerOrder } from '../../../project/layerOrder';
import { useActions, useStudio } from '../../context/context';
import { Word } from '../../words/Word';
import styles from './LayersTable.module.css';

/** The table's headings; pressing one puts the layers in order by it, then the other way round, then as they were. */
export function LayersHead() {
  const order = useStudio((state) => state.ui.layersView.order);
  return (
    <thead role="rowgroup">
      <tr role="row" className={styles.head}>
        <Heading word="Layer" by="name" />
        <Heading word="MACs" by="macs" />
        <Heading word="Rank" by="rank" isNumber />
        {order === 'loss' ? (
          <Heading word="Loss" by="loss" isNumber />
        ) : (
          <Heading word="Kept" by="kept" isNumber />
        )}
        <th role="columnheader" className={styles.number}>
          <Word>Cut</Word>
        </th>
      </tr>
    </thead>
  );
}

interface HeadingProps {
  readonly word: string;
  readonly by: Exclude<LayerOrder, 'network'>;
  readonly isNumber?: boolean;
}

function Heading({ word, by, isNumber = false }: HeadingProps) {
  const { order, isReversed } = useStudio((state) => state.ui.layersView);
  const { viewLayers } = useActions();
  const isOrder = order === by;
  // Numbers begin with the greatest.
  const isRising = isReversed !== (by === 'name');
  return (
    <th
      role="columnheader"
      className={isNumber ? styles.number : undefined}
      {...(isOrder ? { 'aria-sort': isRising ? 'ascending' : 'descending' } : {})}
    >
      <Word
        onPress={() =>
          viewLayers(
            isOrder && isReversed
              ? { order: 'network', isReversed: false }
              : { order: by, isReversed: isOrder },
          )
        }
      >
        {word}
      </Word>
      {isOrder && <span aria-hidden="true"> {isRising ? '↑' : '↓'}</span>}
    </th>
  );
}
