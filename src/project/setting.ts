import type * as v from 'valibot';

/** How a setting stands in the address. */
export interface AddressForm<T> {
  readonly parameter: string;
  /** Whether it is written even at its default, so that a link always says it. */
  readonly isAlwaysWritten?: boolean;
  write(value: T): string;
  /** What a text says, to be judged by the setting's schema; undefined where it says nothing. */
  read(text: string): unknown;
}

/** One thing that a person may set: everything that is written, read, undone or checked follows from this. */
export interface Setting<T> {
  readonly schema: v.GenericSchema<unknown, T>;
  readonly default: T;
  /** null where the address does not say it. */
  readonly address: AddressForm<T> | null;
  /** Whether undo and redo go over it. */
  readonly isUndoable: boolean;
}

/** States a setting; it can be undone and is not in the address unless that is said. */
export function setting<T>(
  schema: v.GenericSchema<unknown, T>,
  initial: T,
  { address = null, isUndoable = true }: Partial<Pick<Setting<T>, 'address' | 'isUndoable'>> = {},
): Setting<T> {
  return { schema, default: initial, address, isUndoable };
}

/** A number as it is, to four decimals. */
export function numberInAddress(parameter: string, isAlwaysWritten = false): AddressForm<number> {
  return {
    parameter,
    isAlwaysWritten,
    write: (value) => String(Number(value.toFixed(4))),
    read: (text) => (text.trim() === '' ? undefined : Number(text)),
  };
}

/** A name as it is. */
export function nameInAddress(parameter: string, isAlwaysWritten = false): AddressForm<string> {
  return { parameter, isAlwaysWritten, write: (value) => value, read: (text) => text };
}

/** One word for each of some values. */
export function wordsInAddress<T>(parameter: string, words: Readonly<Record<string, T>>): AddressForm<T> {
  return {
    parameter,
    write: (value) => Object.keys(words).find((word) => words[word] === value) ?? '',
    read: (text) => (Object.hasOwn(words, text) ? words[text] : undefined),
  };
}
