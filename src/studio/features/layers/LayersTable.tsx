import { useRef, useState } from 'react';
import { isIncluded } from '../../../compression/inclusion';
import { greatest } from '../../../linalg/extremes';
import { blocksOf } from '../../../network/blocks';
import type { LayerDescription } from '../../../network/layers';
import { failureOf, keyOfKind } from '../../../project/jobStatus';
import { factorising } from '../../../project/kinds';
import { decisionOf, decisionText } from '../../../project/layerDecisions';
import { foundLayers } from '../../../project/layerOrder';
import { remembered } from '../../../project/remembered';
import type { Settings } from '../../../project/settings';
import { isTooLongForAddress, selectedLayers } from '../../store/selectors';
import { lookOf } from '../../model/methods';
import { useActions, useStudio } from '../../context/context';
import type { StudioState } from '../../store/state';
import { FailureNote } from '../../ui/FailureNote';
import { BlockRow } from './BlockRow';
import { LayerRow } from './LayerRow';
import { LayersBar } from './LayersBar';
import { LayersHead } from './LayersHead';
import styles from './LayersTable.module.css';
import { presentCurves, presentRanks, useLiveRanks } from './liveRanks';
import { useRowSelection } from './rowSelection';
import { rowKey, shownRows, type ShownRow } from './shownRows';
import { useResting } from './useResting';

/** Every convolution and dense layer: what it costs, which rank it gets, and whether it may be cut. */
export function LayersTable() {
  const key = useStudio((state) => keyOfKind(state.jobs, factorising)) ?? '';
  const failure = useStudio((state) => failureOf(state.jobs, factorising, key));
  const isTooLong = useStudio(isTooLongForAddress);
  const { dismiss } = useActions();
  const [search, setSearch] = useState('');
  const rows = useShownRows(search);
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const canGroup = useStudio(presentBlocks) !== null;
  return (
    <div className={styles.panel}>
      <LayersBar
        search={search}
        onSearch={setSearch}
        canGroup={canGroup}
        found={`${foundLayers(layers, search).length} of ${layers.length} layers`}
      />
      <div className={styles.scroll}>
        {failure && <FailureNote failure={failure} onDismiss={() => dismiss({ kind: factorising, key })} />}
        {isTooLong && (
          <p className={styles.hint} role="status">
            What is decided about layers is too long for the address: a link leaves it out, a saved session
            keeps it.
          </p>
        )}
        <Table rows={rows} />
        {rows.length === 0 && <p className={styles.hint}>No layer’s name holds that.</p>}
      </div>
    </div>
  );
}

/** The network's blocks; null where they are not known, or are but one. */
const presentBlocks = remembered(
  ({ network }: StudioState) => [network?.summary.drawing],
  ({ network }) => {
    const blocks = network?.summary.drawing ? blocksOf(network.summary.drawing) : [];
    return blocks.length > 1 ? blocks : null;
  },
);

const noRanks = {};
const noCurves = new Map<string, never>();

function useShownRows(search: string): readonly ShownRow[] {
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const view = useStudio((state) => state.ui.layersView);
  const blocks = useStudio(presentBlocks);
  const ranks = useResting(presentRanks) ?? noRanks;
  const curves = useResting(presentCurves) ?? noCurves;
  return shownRows(layers, { view, search, blocks, values: { ranks, curves } });
}

function Table({ rows }: { readonly rows: readonly ShownRow[] }) {
  const layers = useStudio((state) => state.network?.summary.layers) ?? [];
  const macs = useStudio((state) => state.network?.summary.macs) ?? 1;
  const method = useStudio((state) => lookOf(state.document.settings.method).name);
  const order = useStudio((state) => state.ui.layersView.order);
  const current = useStudio((state) => state.ui.selectedLayer) ?? layers[0]?.name ?? '';
  const selected = useStudio(selectedLayers);
  const focused = useStudio((state) => state.ui.focusedLayer);
  const overrides = useStudio((state) => state.document.settings.overrides);
  const limits = useStudio((state) => state.document.settings.limits);
  const largest = Math.max(greatest(layers.map((layer) => layer.macs)), 1);
  const body = useRef<HTMLTableSectionElement>(null);
  const rowEvents = useRowSelection(rows, selected, current);
  useLiveRanks(body, rows, order);
  // Where the layer that is looked at is put away, the keyboard comes to what is first.
  const entry = rows.find((row) => row.kind === 'layer' && row.layer.name === current) ?? rows[0];
  return (
    <table
      role="grid"
      aria-multiselectable="true"
      className={styles.table}
      data-order={order}
      aria-label={`Layers, ranks of ${method}`}
    >
      <LayersHead />
      <tbody role="rowgroup" ref={body} {...rowEvents}>
        {rows.map((row) =>
          row.kind === 'block' ? (
            <BlockRow
              key={rowKey(row)}
              block={row.block}
              isFolded={row.isFolded}
              share={row.block.layers.reduce((sum, layer) => sum + layer.macs, 0) / macs}
              isCurrent={row === entry}
            />
          ) : (
            <LayerRow
              key={rowKey(row)}
              layer={row.layer}
              share={row.layer.macs / macs}
              length={row.layer.macs / largest}
              isCurrent={row === entry}
              isSelected={selected.includes(row.layer)}
              isFocused={row.layer.name === focused}
              isCut={isIncluded(row.layer, overrides)}
              fixed={fixedText({ overrides, limits }, row.layer)}
            />
          ),
        )}
      </tbody>
    </table>
  );
}

/** What is decided about a layer's ranks; null where methods choose, or the switch says it already. */
function fixedText(settings: Pick<Settings, 'overrides' | 'limits'>, layer: LayerDescription): string | null {
  const decision = decisionOf(settings, layer);
  return decision.kind === 'whole' ? null : decisionText(decision);
}
