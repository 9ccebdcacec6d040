import type { ClassOrderId } from './classOrders';

/** How the classes that images are labelled with became indices of the network's classes. */
export interface ClassMatching {
  /**
   * `order`: as the files count them, or names in some order; `names`: by the names that the network carries or a
   * list gives; `mapping`: by a table of name and index.
   */
  readonly by: 'order' | 'names' | 'mapping';
  /** The list or table that said so; null where none did. */
  readonly file: string | null;
}

/** One way to read which class each image has. */
export interface Labelling {
  /** The table's column that says the class; null where no table does. */
  readonly column: string | null;
  /** How names, or numbers, became indices. */
  readonly order: ClassOrderId;
  /** Class index per image. */
  readonly labels: Int32Array;
  readonly classNames: readonly string[] | null;
  readonly matching: ClassMatching;
}

/** A column of a table of labels that could hold the class. */
export interface LabelColumn {
  readonly name: string;
  /** What speaks for it, in a phrase. */
  readonly reason: string;
  /** Why it cannot be read so; null where it can. */
  readonly problem: string | null;
}

/** Everything that the labels of some images could mean. */
export interface LabelChoices<L extends Labelling = Labelling> {
  /** The ways that make sense, first what the files alone suggest; those with equal labels are listed once. */
  readonly readings: readonly L[];
  /** Where a table says the classes: its file and columns, the most likely first. */
  readonly table: { readonly file: string; readonly columns: readonly LabelColumn[] } | null;
  /** What is odd about the labels, a phrase each: "12 of 40 rows name no picture, first: x.png". */
  readonly notes: readonly string[];
}
