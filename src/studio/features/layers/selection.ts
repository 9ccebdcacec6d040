/** Rows that are selected, and the one that the keyboard stands on. */
export interface RowSelection {
  readonly names: readonly string[];
  readonly current: string;
  /** Where a range begins that shift draws out. */
  readonly anchor: string;
}

/** How a row is chosen: alone, beside the others, or with all between it and the anchor. */
export type Choosing = 'alone' | 'beside' | 'upTo';

/** What ctrl (or ⌘) and shift make of a click on a row. */
export function choosingOf(event: {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}): Choosing {
  if (event.shiftKey) return 'upTo';
  return event.ctrlKey || event.metaKey ? 'beside' : 'alone';
}

/**
 * The selection after a row is chosen. Of rows beside each other one stays selected at least.
 *
 * @param all names of all rows in order
 */
export function chosen(
  { names, anchor }: RowSelection,
  row: string,
  how: Choosing,
  all: readonly string[],
): RowSelection {
  switch (how) {
    case 'alone':
      return { names: [row], current: row, anchor: row };
    case 'beside': {
      const others = names.filter((name) => name !== row);
      const isLast = others.length === 0;
      return {
        names: others.length < names.length && !isLast ? others : [...others, row],
        current: row,
        anchor: row,
      };
    }
    case 'upTo': {
      const [one, other] = [all.indexOf(anchor), all.indexOf(row)];
      const from = one < 0 ? other : Math.min(one, other);
      return {
        names: all.slice(from, Math.max(one, other) + 1),
        current: row,
        anchor: one < 0 ? row : anchor,
      };
    }
  }
}

/** What a key on a row does; null where it does nothing here. */
export function keyed(
  selection: RowSelection,
  event: {
    readonly key: string;
    readonly shiftKey: boolean;
    readonly ctrlKey: boolean;
    readonly metaKey: boolean;
  },
  all: readonly string[],
): RowSelection | null {
  const { current } = selection;
  const isCommand = event.ctrlKey || event.metaKey;
  if (event.key === ' ') return chosen(selection, current, event.shiftKey ? 'upTo' : 'beside', all);
  if (event.key === 'Escape') return chosen(selection, current, 'alone', all);
  if (isCommand && event.key.toLowerCase() === 'a') return { ...selection, names: all };
  const index = all.indexOf(current);
  const place = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: all.length - 1 }[event.key];
  if (place === undefined) return null;
  const next = all[Math.min(all.length - 1, Math.max(0, place))] ?? current;
  // With ctrl the keyboard goes on and what is selected stays.
  if (isCommand && !event.shiftKey) return { ...selection, current: next };
  return chosen(selection, next, event.shiftKey ? 'upTo' : 'alone', all);
}
