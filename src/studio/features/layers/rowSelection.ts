import { useRef, type KeyboardEvent, type MouseEvent } from 'react';
import type { LayerDescription } from '../../../network/layers';
import { useActions } from '../../context/context';
import { chosen, choosingOf, keyed, type RowSelection } from './selection';
import { layersOf, type ShownRow } from './shownRows';

type Body = HTMLTableSectionElement;

/** Rows are chosen one by one, several at a time with ctrl and shift, by pointer and by keyboard. */
export function useRowSelection(
  rows: readonly ShownRow[],
  selected: readonly LayerDescription[],
  current: string,
) {
  const { selectLayers } = useActions();
  const anchor = useRef<string | null>(null);
  const names = layersOf(rows);
  const present = () => ({
    names: selected.map(({ name }) => name),
    current,
    anchor: anchor.current ?? current,
  });
  function take(next: RowSelection): void {
    anchor.current = next.anchor;
    selectLayers(next.names, next.current);
  }

  /** Goes to the line beside where a heading is on either side; whether it did. */
  function passHeading(body: Body, at: number, by: number): boolean {
    const [from, to] = [rows[at], rows[at + by]];
    if (!from || !to || (from.kind === 'layer' && to.kind === 'layer')) return false;
    if (to.kind === 'layer') take(chosen(present(), to.layer.name, 'alone', names));
    focusRow(body, at + by);
    return true;
  }

  /** Folds or unfolds the block that the keyboard stands in, or goes to its heading; whether it did. */
  function fold(body: Body, at: number, isFolding: boolean): boolean {
    const row = rows[at];
    if (row?.kind === 'block' && row.isFolded !== isFolding) body.rows[at]?.querySelector('button')?.click();
    else if (row?.kind === 'layer' && isFolding) {
      const heading = rows.findLastIndex(({ kind }, index) => index < at && kind === 'block');
      if (heading < 0) return false;
      focusRow(body, heading);
    } else return row?.kind === 'block';
    return true;
  }

  function keyOnHeadings({ key, shiftKey, currentTarget: body }: KeyboardEvent<Body>, at: number): boolean {
    if (shiftKey) return false;
    switch (key) {
      case 'ArrowDown':
        return passHeading(body, at, 1);
      case 'ArrowUp':
        return passHeading(body, at, -1);
      case 'ArrowLeft':
        return fold(body, at, true);
      case 'ArrowRight':
        return fold(body, at, false);
      default:
        return false;
    }
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
    onKeyDown: (event: KeyboardEvent<Body>) => {
      const row = (event.target as HTMLElement).closest('tr');
      // A control in the row has a use of its own for the space bar.
      if (!row || (event.key === ' ' && event.target !== row)) return;
      const body = event.currentTarget;
      if (keyOnHeadings(event, [...body.rows].indexOf(row))) return event.preventDefault();
      const next = keyed({ ...present(), current: row.dataset.layer ?? current }, event, names);
      if (!next) return;
      event.preventDefault();
      take(next);
      focusRow(
        body,
        rows.findIndex((own) => own.kind === 'layer' && own.layer.name === next.current),
      );
    },
  };
}

/** A heading is its button. */
function focusRow(body: Body, at: number): void {
  const row = body.rows[at];
  if (row?.dataset.block) row.querySelector('button')?.focus();
  else row?.focus();
}
