import type { RefObject } from 'react';
import { ownValue } from '../../../network/ownValue';
import { keptMacs, lossOf, type LayerOrder, type LayerValues } from '../../../project/layerOrder';
import { formatCount, formatPercent } from '../../../project/numbers';
import { shownCurves } from '../../../project/planning';
import { useLive, useStudioState } from '../../context/context';
import type { StudioState } from '../../store/state';
import type { ShownRow } from './shownRows';

/** Numbers in the table change at most this often, in milliseconds; the charts beside it follow every frame. */
const readableEvery = 66;

/** Ranks of the chosen method's plan. */
export function presentRanks({ completed, document }: StudioState) {
  return completed?.plans[document.settings.method]?.plan.ranks;
}

/** The curves that charts draw. */
export function presentCurves(state: StudioState) {
  return shownCurves(state)?.curves;
}

/** Writes ranks and what follows from them into the cells with every frame of a drag, past React. */
export function useLiveRanks(
  body: RefObject<HTMLTableSectionElement | null>,
  rows: readonly ShownRow[],
  order: LayerOrder,
): void {
  const getState = useStudioState();
  useLive(
    presentRanks,
    (ranks) => {
      const values = { ranks: ranks ?? {}, curves: presentCurves(getState()) ?? new Map() };
      rows.forEach((row, at) => {
        const element = body.current?.rows[at];
        if (element) writeRow(element, row, values, order);
      });
    },
    readableEvery,
  );
}

function writeRow(element: HTMLTableRowElement, row: ShownRow, values: LayerValues, order: LayerOrder): void {
  const layers = row.kind === 'layer' ? [row.layer] : row.block.layers;
  const kept = keptMacs(layers, values.ranks);
  const value = order === 'loss' ? formatPercent(lossOf(layers, values)) : formatCount(kept);
  setText(element.querySelector('[data-value]'), value);
  if (row.kind === 'layer') return showRank(element, ownValue(values.ranks, row.layer.name));
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  setText(element.querySelector('[data-share]'), `keeps ${formatPercent(kept / Math.max(macs, 1), 0)}`);
}

function showRank(row: HTMLTableRowElement, rank: number | null | undefined): void {
  const text = rank === undefined ? 'kept' : rank === null ? 'whole' : String(rank);
  setText(row.querySelector('[data-rank]'), text);
  row.toggleAttribute('data-whole', rank === undefined || rank === null);
}

function setText(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
