import { useActions, useStudio } from '../../context/context';
import { layerOrders, type LayerOrder } from '../../../project/layerOrder';
import iconStyles from '../../ui/IconButton.module.css';
import { RankMultiples } from './RankMultiples';
import styles from './LayersBar.module.css';

interface LayersBarProps {
  readonly search: string;
  readonly onSearch: (text: string) => void;
  /** Whether the network's blocks are known. */
  readonly canGroup: boolean;
  /** "3 of 22 layers" */
  readonly found: string;
}

/** Finds layers by name, puts them in order, and groups them by block. */
export function LayersBar({ search, onSearch, canGroup, found }: LayersBarProps) {
  const { order, isReversed, isGrouped } = useStudio((state) => state.ui.layersView);
  const { viewLayers } = useActions();
  return (
    <div className={styles.bar} role="group" aria-label="View of the layers">
      <input
        type="search"
        className={styles.search}
        aria-label="Find layers by name"
        placeholder="Find"
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      <span role="status" className="visually-hidden">
        {search === '' ? '' : found}
      </span>
      <select
        className={styles.order}
        aria-label="Order of the layers"
        value={order}
        onChange={(event) =>
          viewLayers({ order: event.currentTarget.value as LayerOrder, isReversed: false })
        }
      >
        {Object.entries(layerOrders).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
      <button
        type="button"
        className={iconStyles.icon}
        aria-label="Other way round"
        title="Other way round"
        aria-pressed={isReversed}
        onClick={() => viewLayers({ isReversed: !isReversed })}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentcolor" strokeWidth="1.5">
          <path d="M5 13V3.5M2.5 6 5 3.5 7.5 6M11 3v9.5M8.5 10l2.5 2.5L13.5 10" strokeLinecap="round" />
        </svg>
      </button>
      <RankMultiples className={styles.multiples} />
      {canGroup && (
        <button
          type="button"
          className={iconStyles.icon}
          aria-label="Group by block"
          title="Group by block"
          aria-pressed={isGrouped}
          onClick={() => viewLayers({ isGrouped: !isGrouped })}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentcolor" strokeWidth="1.5">
            <path d="M2 3.5h12M5 7h9M5 9.5h9M2 13h12" strokeLinecap="round" />
          </svg>
        </button>
      )}
    </div>
  );
}
