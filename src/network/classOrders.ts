/** How names of classes become indices: said by somebody, or by one of the usual orders. */
export type ClassOrderId =
  'mapping' | 'names' | 'numeric' | 'from-one' | 'file' | 'text' | 'natural' | 'caseless';

/** What an order goes by. */
export interface ClassOrderInput {
  /** Distinct names of the labels, in the order in which the files have them. */
  readonly names: readonly string[];
  /** Number of the network's classes; null where no network is open. */
  readonly count: number | null;
  /** Whether the order in which the files have the names means anything: that of a table, not of a folder. */
  readonly isListed: boolean;
}

/** One usual way from names to indices, where nobody says which index a name has. */
export interface ClassOrder {
  readonly id: ClassOrderId;
  /** For a person, in few words. */
  readonly name: string;
  /** Index by name; null where the order does not apply to these names, or not to so many classes. */
  indices(input: ClassOrderInput): ReadonlyMap<string, number> | null;
}

const isNumber = (name: string) => /^\d{1,9}$/.test(name);

/** Every order, the first that applies being what the names alone suggest. */
export const classOrders: readonly ClassOrder[] = [
  {
    id: 'numeric',
    name: 'numbers from 0',
    indices: ({ names, count }) => shifted(names, 0, count),
  },
  {
    id: 'from-one',
    name: 'numbers from 1',
    indices: ({ names, count }) => shifted(names, 1, count),
  },
  {
    id: 'file',
    name: 'as the file lists them',
    indices: (input) => (input.isListed ? placed(input.names, input) : null),
  },
  {
    id: 'text',
    name: 'sorted as text',
    indices: (input) => placed(input.names.toSorted(), input),
  },
  {
    id: 'natural',
    name: 'sorted, numbers by size',
    indices: (input) => placed(input.names.toSorted(byNumbersInside), input),
  },
  {
    id: 'caseless',
    name: 'sorted, ignoring case',
    indices: (input) => placed(input.names.toSorted(byLowerCase), input),
  },
];

/** What may be asked for: an order, or that it be found out. */
export const classOrderChoices = ['auto', 'mapping', ...classOrders.map(({ id }) => id)] as const;

/** What the orders that somebody has said are called. */
const saidOrders: Readonly<Record<'mapping' | 'names', string>> = {
  mapping: 'by the index that a file gives',
  names: 'by name',
};

/** An order's name for a person. */
export function classOrderName(id: ClassOrderId): string {
  if (id === 'mapping' || id === 'names') return saidOrders[id];
  return classOrders.find((order) => order.id === id)!.name;
}

function shifted(
  names: readonly string[],
  first: number,
  count: number | null,
): ReadonlyMap<string, number> | null {
  const fits = (name: string) => {
    const index = Number(name) - first;
    return isNumber(name) && index >= 0 && (count === null || index < count);
  };
  return names.every(fits) ? new Map(names.map((name) => [name, Number(name) - first])) : null;
}

/** Positions, which mean something only where every class is there. */
function placed(sorted: readonly string[], { count }: ClassOrderInput): ReadonlyMap<string, number> | null {
  if (count !== null && sorted.length !== count) return null;
  return new Map(sorted.map((name, index) => [name, index]));
}

/** By code units, as sorting does by itself: the same in every language. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function byLowerCase(a: string, b: string): number {
  return compareTexts(a.toLowerCase(), b.toLowerCase()) || compareTexts(a, b);
}

/** "c2" before "c10". */
function byNumbersInside(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => name.split(/(\d+)/));
  for (const [index, part] of left!.entries()) {
    const other = right![index];
    if (other === undefined) return 1;
    const order = index % 2 === 1 ? Number(part) - Number(other) : compareTexts(part, other);
    if (order !== 0) return order;
  }
  return left!.length - right!.length || compareTexts(a, b);
}
