import { failureOf, keyOfKind } from '../../../project/jobStatus';
import { factorising } from '../../../project/kinds';
import { memo, useRef, type KeyboardEvent } from 'react';
import type { LayerDescription, Ranks } from '../../../network/layers';
import { formatCount, formatPercent, shortLayerName } from '../../../project/numbers';
import { lookOf } from '../../model/methods';
import { isIncluded } from '../../../compression/inclusion';
import { useActions, useLive, useStudio } from '../../context/context';
import { FailureNote } from '../../ui/FailureNote';
import styles from './LayersTable.module.css';
import { Switch } from '../../ui/Switch';
import { Word } from '../../words/Word';
import { greatest } from '../../../linalg/extremes';

/** Numbers in the table change at most this often, in milliseconds; the charts beside it follow every frame. */
const readableEvery = 66;

/** Every convolution and dense layer: what it costs, which rank it gets, and whether it may be cut. */
export function LayersTable() {
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const macs = useStudio((state) => state.network?.summary.macs) ?? 1;
  const method = useStudio((state) => lookOf(state.document.settings.method).name);
  const key = useStudio((state) => keyOfKind(state.jobs, factorising)) ?? '';
  const failure = useStudio((state) => failureOf(state.jobs, factorising, key));
  const selected = useStudio((state) => state.ui.selectedLayer) ?? layers[0]?.name;
  const focused = useStudio((state) => state.ui.focusedLayer);
  const overrides = useStudio((state) => state.document.settings.overrides);
  const { dismiss } = useActions();
  const largest = Math.max(greatest(layers.map((layer) => layer.macs)), 1);
  const body = useRef<HTMLTableSectionElement>(null);
  useLiveRanks(body, layers);
  return (
    <div className={styles.scroll}>
      {failure && <FailureNote failure={failure} onDismiss={() => dismiss({ kind: factorising, key })} />}
      <table role="grid" className={styles.table} aria-label={`Layers, ranks of ${method}`}>
        <thead role="rowgroup">
          <tr role="row" className={styles.head}>
            <th role="columnheader">
              <Word>Layer</Word>
            </th>
            <th role="columnheader">
              <Word>MACs</Word>
            </th>
            <th role="columnheader" className={styles.number}>
              <Word>Rank</Word>
            </th>
            <th role="columnheader" className={styles.number}>
              <Word>Kept</Word>
            </th>
            <th role="columnheader" className={styles.number}>
              <Word>Cut</Word>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup" ref={body} onKeyDown={moveFocus}>
          {layers.map((layer) => (
            <LayerRow
              key={layer.name}
              layer={layer}
              share={layer.macs / macs}
              length={layer.macs / largest}
              isSelected={layer.name === selected}
              isFocused={layer.name === focused}
              isCut={isIncluded(layer, overrides)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Writes ranks and kept MACs into the cells with every frame of a drag, past React. */
function useLiveRanks(
  body: React.RefObject<HTMLTableSectionElement | null>,
  layers: readonly LayerDescription[],
) {
  useLive(
    (state) => state.completed?.plans[state.document.settings.method]?.plan.ranks,
    (ranks) => {
      layers.forEach((layer, index) => {
        const row = body.current?.rows[index];
        if (row) showRank(row, layer, ranks);
      });
    },
    readableEvery,
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
  readonly isSelected: boolean;
  readonly isFocused: boolean;
  readonly isCut: boolean;
}

const LayerRow = memo(function LayerRow(props: LayerRowProps) {
  const { layer, share, length, isSelected, isFocused, isCut } = props;
  const { focusLayer, selectLayer, setLayerCut } = useActions();
  const name = shortLayerName(layer.name);
  return (
    <tr
      role="row"
      className={styles.row}
      tabIndex={isSelected ? 0 : -1}
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
      <th role="rowheader" className={styles.name}>
        <span className={styles.text} title={layer.name}>
          <bdi dir="ltr">{name}</bdi>
        </span>{' '}
        <small title={layer.shape}>{layer.shape}</small>
      </th>
      <td role="gridcell" className={styles.share}>
        <span className={styles.bar} style={{ width: `${length * 100}%` }} />
        <span className={styles.shareText}>{formatPercent(share)}</span>
      </td>
      <td role="gridcell" className={`${styles.number} ${styles.live}`}>
        <span data-rank className={styles.rank} />
        <span className={styles.of}>{layer.rankMax > 0 ? ` / ${layer.rankMax}` : ''}</span>
      </td>
      <td role="gridcell" className={`${styles.number} ${styles.live}`} data-macs />
      <td role="gridcell" className={styles.number}>
        <Switch
          label={`Cut ${name}`}
          title={layer.kept ?? layer.keptByDefault ?? 'Rank selection may cut this layer'}
          isOn={isCut}
          isDisabled={layer.kept !== null}
          tabIndex={isSelected ? 0 : -1}
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
