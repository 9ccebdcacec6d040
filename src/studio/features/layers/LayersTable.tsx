import { failureOf, keyOfKind } from '../../../project/jobStatus';
import { factorising } from '../../../project/kinds';
import { memo, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import type { LayerDescription, Ranks } from '../../../network/layers';
import { decisionOf, decisionText } from '../../../project/layerDecisions';
import type { Settings } from '../../../project/settings';
import { formatCount, formatPercent, shortLayerName } from '../../../project/numbers';
import { isTooLongForAddress, selectedLayers } from '../../store/selectors';
import { lookOf } from '../../model/methods';
import { isIncluded } from '../../../compression/inclusion';
import { useActions, useLive, useStudio } from '../../context/context';
import { FailureNote } from '../../ui/FailureNote';
import styles from './LayersTable.module.css';
import { chosen, choosingOf, keyed, type RowSelection } from './selection';
import { Switch } from '../../ui/Switch';
import { Word } from '../../words/Word';
import { greatest } from '../../../linalg/extremes';
import { ownValue } from '../../../network/ownValue';

/** Numbers in the table change at most this often, in milliseconds; the charts beside it follow every frame. */
const readableEvery = 66;

/** Every convolution and dense layer: what it costs, which rank it gets, and whether it may be cut. */
export function LayersTable() {
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const macs = useStudio((state) => state.network?.summary.macs) ?? 1;
  const method = useStudio((state) => lookOf(state.document.settings.method).name);
  const key = useStudio((state) => keyOfKind(state.jobs, factorising)) ?? '';
  const failure = useStudio((state) => failureOf(state.jobs, factorising, key));
  const current = useStudio((state) => state.ui.selectedLayer) ?? layers[0]?.name ?? '';
  const selected = useStudio(selectedLayers);
  const focused = useStudio((state) => state.ui.focusedLayer);
  const overrides = useStudio((state) => state.document.settings.overrides);
  const limits = useStudio((state) => state.document.settings.limits);
  const isTooLong = useStudio(isTooLongForAddress);
  const { dismiss } = useActions();
  const largest = Math.max(greatest(layers.map((layer) => layer.macs)), 1);
  const body = useRef<HTMLTableSectionElement>(null);
  const rowEvents = useRowSelection(layers, selected, current);
  useLiveRanks(body, layers);
  return (
    <div className={styles.scroll}>
      {failure && <FailureNote failure={failure} onDismiss={() => dismiss({ kind: factorising, key })} />}
      {isTooLong && (
        <p className={styles.hint} role="status">
          What is decided about layers is too long for the address: a link leaves it out, a saved session
          keeps it.
        </p>
      )}
      <table
        role="grid"
        aria-multiselectable="true"
        className={styles.table}
        aria-label={`Layers, ranks of ${method}`}
      >
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
        <tbody role="rowgroup" ref={body} {...rowEvents}>
          {layers.map((layer) => (
            <LayerRow
              key={layer.name}
              layer={layer}
              share={layer.macs / macs}
              length={layer.macs / largest}
              isCurrent={layer.name === current}
              isSelected={selected.includes(layer)}
              isFocused={layer.name === focused}
              isCut={isIncluded(layer, overrides)}
              fixed={fixedText({ overrides, limits }, layer)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What is decided about a layer's ranks; null where methods choose, or the switch says it already. */
function fixedText(settings: Pick<Settings, 'overrides' | 'limits'>, layer: LayerDescription): string | null {
  const decision = decisionOf(settings, layer);
  return decision.kind === 'whole' ? null : decisionText(decision);
}

/** Rows are chosen one by one, several at a time with ctrl and shift, by pointer and by keyboard. */
function useRowSelection(
  layers: readonly LayerDescription[],
  selected: readonly LayerDescription[],
  current: string,
) {
  const { selectLayers } = useActions();
  const anchor = useRef<string | null>(null);
  const names = layers.map(({ name }) => name);
  const present = () => ({
    names: selected.map(({ name }) => name),
    current,
    anchor: anchor.current ?? current,
  });
  function take(next: RowSelection): void {
    anchor.current = next.anchor;
    selectLayers(next.names, next.current);
  }
  return {
    // Shift would mark text as well.
    onMouseDown: (event: MouseEvent) => {
      if (event.shiftKey) event.preventDefault();
    },
    onClick: (event: MouseEvent) => {
      const row = (event.target as HTMLElement).closest('tr');
      if (!row?.dataset.layer) return;
      take(chosen(present(), row.dataset.layer, choosingOf(event), names));
      if (event.shiftKey) row.focus();
    },
    onKeyDown: (event: KeyboardEvent<HTMLTableSectionElement>) => {
      const row = (event.target as HTMLElement).closest('tr');
      // A control in the row has a use of its own for the space bar.
      if (!row || (event.key === ' ' && event.target !== row)) return;
      const next = keyed({ ...present(), current: row.dataset.layer ?? current }, event, names);
      if (!next) return;
      event.preventDefault();
      take(next);
      event.currentTarget.rows[names.indexOf(next.current)]?.focus();
    },
  };
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
  const rank = ranks && ownValue(ranks, layer.name);
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
  /** Whether the keyboard stands on it. */
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly isFocused: boolean;
  readonly isCut: boolean;
  /** What is decided about its ranks; null where methods choose. */
  readonly fixed: string | null;
}

const LayerRow = memo(function LayerRow(props: LayerRowProps) {
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
      <td role="gridcell" className={`${styles.number} ${styles.live}`} data-macs />
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
