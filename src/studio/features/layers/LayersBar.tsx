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
      <Toggle
        label="Other way round"
        isOn={isReversed}
        onToggle={() => viewLayers({ isReversed: !isReversed })}
        path="M5 13V3.5M2.5 6 5 3.5 7.5 6M11 3v9.5M8.5 10l2.5 2.5L13.5 10"
      />
      <RankMultiples className={styles.multiples} />
      {canGroup && (
        <Toggle
          label="Group by block"
          isOn={isGrouped}
          onToggle={() => viewLayers({ isGrouped: !isGrouped })}
          path="M2 3.5h12M5 7h9M5 9.5h9M2 13h12"
        />
      )}
    </div>
  );
}

interface ToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onToggle: () => void;
  /** Of the icon, in a square of 16. */
  readonly path: string;
}

function Toggle({ label, isOn, onToggle, path }: ToggleProps) {
  return (
    <button
      type="button"
      className={iconStyles.icon}
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      onClick={onToggle}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentcolor" strokeWidth="1.5">
        <path d={path} strokeLinecap="round" />
      </svg>
    </button>
  );
}
