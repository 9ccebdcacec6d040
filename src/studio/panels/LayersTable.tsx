import { memo, useRef, type KeyboardEvent } from 'react';
import type { LayerDescription, Ranks } from '../../network/layers';
import { formatCount, formatPercent, shortLayerName } from '../format/numbers';
import { lookOf } from '../methods';
import { isIncluded } from '../planning/planner';
import { failureOf } from '../store/selectors';
import { useActions, useLive, useStudio } from '../store/context';
import { FailureNote } from './FailureNote';
import styles from './LayersTable.module.css';
import { Switch } from './Switch';

/** Every convolution and dense layer: what it costs, which rank it gets, and whether it may be cut. */
export function LayersTable() {
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const macs = useStudio((state) => state.network?.summary.macs) ?? 1;
  const method = useStudio((state) => lookOf(state.requested.method).name);
  const failure = useStudio((state) => failureOf(state, 'curves'));
  const { dismiss } = useActions();
  const largest = Math.max(...layers.map((layer) => layer.macs), 1);
  const body = useRef<HTMLTableSectionElement>(null);
  useLiveRanks(body, layers);
  return (
    <div className={styles.scroll}>
      {failure && <FailureNote failure={failure} onDismiss={() => dismiss('curves')} />}
      <table role="grid" className={styles.table} aria-label={`Layers, ranks of ${method}`}>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Share of MACs</th>
            <th scope="col" className={styles.number}>
              Rank
            </th>
            <th scope="col" className={styles.number}>
              MACs kept
            </th>
            <th scope="col" className={styles.number}>
              Cut
            </th>
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={moveFocus}>
          {layers.map((layer) => (
            <LayerRow key={layer.name} layer={layer} share={layer.macs / macs} length={layer.macs / largest} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Writes ranks and kept MACs into the cells with every frame of a drag, past React. */
function useLiveRanks(body: React.RefObject<HTMLTableSectionElement | null>, layers: readonly LayerDescription[]) {
  useLive(
    (state) => state.completed?.plans[state.requested.method]?.plan.ranks,
    (ranks) => {
      layers.forEach((layer, index) => {
        const row = body.current?.rows[index];
        if (row) showRank(row, layer, ranks);
      });
    },
  );
}

function showRank(row: HTMLTableRowElement, layer: LayerDescription, ranks: Ranks | undefined): void {
  const rank = ranks?.[layer.name];
  const [rankText, macsText] = cellTexts(layer, rank);
  setText(row.querySelector('[data-rank]'), rankText);
  setText(row.querySelector('[data-macs]'), macsText);
  row.toggleAttribute('data-whole', rank === undefined || rank === null);
}

function cellTexts(layer: LayerDescription, rank: number | null | undefined): readonly [string, string] {
  if (rank === undefined) return ['kept', formatCount(layer.macs)];
  if (rank === null) return ['whole', formatCount(layer.macs)];
  return [String(rank), formatCount(rank * layer.macsPerRank)];
}

function setText(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

interface LayerRowProps {
  readonly layer: LayerDescription;
  /** Of the network's MACs. */
  readonly share: number;
  /** Of the largest layer's MACs: the bar's length. */
  readonly length: number;
}

const LayerRow = memo(function LayerRow({ layer, share, length }: LayerRowProps) {
  const { focusLayer, selectLayer, setLayerCut } = useActions();
  const isSelected = useStudio((state) => state.ui.selectedLayer === layer.name);
  const isFocused = useStudio((state) => state.ui.focusedLayer === layer.name);
  const isCut = useStudio((state) => isIncluded(layer, state.requested.overrides));
  const isStop = useStudio((state) =>
    state.ui.selectedLayer === null
      ? state.network?.summary.layers[0]?.name === layer.name
      : state.ui.selectedLayer === layer.name,
  );
  const name = shortLayerName(layer.name);
  return (
    <tr
      className={styles.row}
      tabIndex={isStop ? 0 : -1}
      aria-selected={isSelected}
      data-focused={isFocused}
      data-layer={layer.name}
      onPointerEnter={() => focusLayer(layer.name)}
      onPointerLeave={() => focusLayer(null)}
      onFocus={() => {
        focusLayer(layer.name);
        selectLayer(layer.name);
      }}
      onBlur={() => focusLayer(null)}
      onClick={() => selectLayer(layer.name)}
    >
      <th scope="row" className={styles.name}>
        <span title={layer.name}>{name}</span>
        <small>{layer.shape}</small>
      </th>
      <td className={styles.share}>
        <span className={styles.bar} style={{ width: `${length * 100}%` }} />
        <span className={styles.shareText}>{formatPercent(share)}</span>
      </td>
      <td className={styles.number}>
        <span data-rank className={styles.rank} />
        <span className={styles.of}>{layer.rankMax > 0 ? ` / ${layer.rankMax}` : ''}</span>
      </td>
      <td className={styles.number} data-macs />
      <td className={styles.number}>
        <Switch
          label={`Cut ${name}`}
          title={layer.kept ?? layer.keptByDefault ?? 'Rank selection may cut this layer'}
          isOn={isCut}
          isDisabled={layer.kept !== null}
          tabIndex={isStop ? 0 : -1}
          onChange={(on) => setLayerCut(layer.name, on)}
        />
      </td>
    </tr>
  );
});

/** Arrow keys, Home and End move from row to row. */
function moveFocus(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const row = (event.target as HTMLElement).closest('tr');
  const rows = event.currentTarget.rows;
  if (!row) return;
  const index = row.sectionRowIndex;
  const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  rows[Math.min(rows.length - 1, Math.max(0, next))]?.focus();
}
