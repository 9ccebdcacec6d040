import { FailureError } from '../../network/failure';
import type { Network } from '../../network/graph';
import { outputShape } from '../../network/shapes';
import { families, type Family } from './operators';
import { readers } from './readers';
import { writers } from './writers';

/** A form that networks come in: a format, or one of two that a format has. */
interface TableColumn {
  readonly form: string;
  /** What its files call the operators that are read. */
  readonly names: readonly string[];
  /** Writes a network, or fails; null where the form is only read. */
  readonly write: ((network: Network) => unknown) | null;
}

/** What one form has for one operator. */
export interface TableCell {
  readonly reads: readonly string[];
  /** Null where the form is never written. */
  readonly writes: boolean | null;
}

/** Operators that are read and written, by form: what the help page shows. */
export interface OperatorTable {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly operator: string; readonly cells: readonly TableCell[] }[];
}

/** A column for every form that is read, in the order of the readers, then for those that are only written. */
function tableColumns(): readonly TableColumn[] {
  const read = readers.all.flatMap(({ operators }) => operators);
  const forms = new Set([...read, ...writers.all].map(({ form }) => form));
  return [...forms].map((form) => ({
    form,
    names: read.find((own) => own.form === form)?.names ?? [],
    write: writers.all.find((writer) => writer.form === form)?.write ?? null,
  }));
}

/**
 * The table of operators by format, made from the readers' own lists and by writing each operator at its smallest.
 * What a reader knows and no family claims gets a row of its own.
 */
export async function operatorTable(): Promise<OperatorTable> {
  const columns = tableColumns();
  const known = Object.values(families).flat();
  const rows = [];
  for (const family of known) {
    const cells = columns.map((column) => familyCell(family, column));
    rows.push({ operator: family.operator, cells: await Promise.all(cells) });
  }
  const claimed = (name: string) => known.some((family) => family.names.test(name));
  const others = [...new Set(columns.flatMap(({ names }) => names.filter((name) => !claimed(name))))];
  const own = others.map((operator) => ({
    operator,
    cells: columns.map(({ names, write }) => ({
      reads: names.filter((name) => name === operator),
      writes: write && false,
    })),
  }));
  return { columns: columns.map(({ form }) => form), rows: [...rows, ...own] };
}

async function familyCell(family: Family, { form, names, write }: TableColumn): Promise<TableCell> {
  const own = family.namesIn?.[form] ?? family.names;
  return {
    reads: names.filter((name) => own.test(name)),
    writes: write && (await canWrite(write, networkOf(family))),
  };
}

async function canWrite(write: (network: Network) => unknown, network: Network): Promise<boolean> {
  try {
    await write(network);
    return true;
  } catch (error) {
    if (error instanceof FailureError) return false;
    throw error;
  }
}

/** A network of one operator; one of two inputs reads the network's input and its ReLU. */
function networkOf({ sample, inputs, input = [4, 4, 2] }: Family): Network {
  const relu = {
    ...{ name: 'relu', inputs: ['in'], output: 'relu' },
    operator: { kind: 'activation', function: 'relu', alpha: 0, beta: 0 },
  } as const;
  const node = { name: 'node', inputs: inputs ? ['in', 'relu'] : ['in'], output: 'out', operator: sample };
  outputShape(node, inputs ? [input, input] : [input]);
  return {
    name: 'sample',
    input: { name: 'in', shape: input },
    outputs: ['out'],
    nodes: inputs ? [relu, node] : [node],
    metadata: {},
    source: { format: 'onnx', opset: 21, batch: 'N' },
  };
}
