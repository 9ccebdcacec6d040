import type * as v from 'valibot';

/** How a setting stands in the address. */
export interface AddressForm<T> {
  readonly parameter: string;
  /** What it sets, in a phrase for a person: the help of the command line says it. */
  readonly about: string;
  /** The words that it may be, where they can be listed. */
  words?(): readonly string[];
  /** Whether it is written even at its default, so that a link always says it. */
  readonly isAlwaysWritten?: boolean;
  /** Whether it names layers, one by one: what may be long, and what the command line has options of its own for. */
  readonly isOfLayers?: boolean;
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
  /** Whether there are documents from before it came: they do not say it, and mean its default. */
  readonly isLater: boolean;
}

/** States a setting; it can be undone and is not in the address unless that is said. */
export function setting<T>(
  schema: v.GenericSchema<unknown, T>,
  initial: T,
  {
    address = null,
    isUndoable = true,
    isLater = false,
  }: Partial<Pick<Setting<T>, 'address' | 'isUndoable' | 'isLater'>> = {},
): Setting<T> {
  return { schema, default: initial, address, isUndoable, isLater };
}

/** A number as it is, to four decimals. */
export function numberInAddress(
  parameter: string,
  about: string,
  isAlwaysWritten = false,
): AddressForm<number> {
  return {
    parameter,
    about,
    isAlwaysWritten,
    write: (value) => String(Number(value.toFixed(4))),
    read: (text) => (text.trim() === '' ? undefined : Number(text)),
  };
}

/** A share, or "auto" where nobody has set one. */
export function shareInAddress(parameter: string, about: string): AddressForm<number | null> {
  const { read } = numberInAddress(parameter, about);
  return {
    parameter,
    about,
    write: (value) => (value === null ? 'auto' : String(Number(value.toFixed(4)))),
    read: (text) => (text === 'auto' ? null : read(text)),
  };
}

/**
 * A name as it is.
 *
 * @param words the names that there are
 */
export function nameInAddress(
  parameter: string,
  about: string,
  words: () => readonly string[],
  isAlwaysWritten = false,
): AddressForm<string> {
  return { parameter, about, words, isAlwaysWritten, write: (value) => value, read: (text) => text };
}

/** One word for each of some values. */
export function wordsInAddress<T>(
  parameter: string,
  about: string,
  words: Readonly<Record<string, T>>,
): AddressForm<T> {
  return {
    parameter,
    about,
    words: () => Object.keys(words),
    write: (value) => Object.keys(words).find((word) => words[word] === value) ?? '',
    read: (text) => (Object.hasOwn(words, text) ? words[text] : undefined),
  };
}

/**
 * Values by the name of a layer, as `conv3=24,conv4=8..32`; nothing where no layer has one. Of names only the comma
 * that stands between them, and the per cent sign that stands for it, are written otherwise.
 *
 * @param read what a text says of one layer, to be judged by the setting's schema
 */
export function layersInAddress<T>(
  parameter: string,
  about: string,
  { write, read }: { readonly write: (value: T) => string; readonly read: (text: string) => unknown },
): AddressForm<Readonly<Record<string, T>>> {
  return {
    parameter,
    about,
    isOfLayers: true,
    write: (values) =>
      Object.entries(values)
        .map(([layer, value]) => `${layer.replace(/[%,]/g, encodeURIComponent)}=${write(value)}`)
        .join(),
    read: (text) => (text === '' ? {} : entriesOf(text, read)),
  };
}

/** undefined where one of them has no value. */
function entriesOf(text: string, read: (text: string) => unknown): unknown {
  const parts = text.split(',').map((entry) => [entry, entry.lastIndexOf('=')] as const);
  if (parts.some(([, at]) => at < 0)) return undefined;
  return Object.fromEntries(
    parts.map(([entry, at]) => [
      entry.slice(0, at).replace(/%2C|%25/gi, decodeURIComponent),
      read(entry.slice(at + 1)),
    ]),
  );
}
