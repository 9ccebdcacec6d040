/** What is used of a reader of HDF5 files that brings no types of its own. */
declare module 'jsfive' {
  export class Group {
    readonly keys: readonly string[];
    readonly attrs: Readonly<Record<string, unknown>>;
    /** A group or a data set by its path below this group. */
    get(path: string): Group | Dataset | undefined;
  }

  export class Dataset {
    readonly shape: readonly number[];
    /** As NumPy names it: `<f4`. */
    readonly dtype: unknown;
    readonly value: ArrayLike<number>;
  }

  export class File extends Group {
    constructor(bytes: ArrayBuffer, name: string);
  }
}
