/**
 * Protocol-buffer messages by table: a schema names the fields that the studio reads or writes, everything
 * else in a file is skipped. Nothing is generated or evaluated at run time, field names come from the schema
 * only, and no length is believed before it is compared with the bytes that are there.
 */
export interface Schema {
  readonly [name: string]: Field;
}

/** One field of a message: its number on the wire and what it holds. Plural kinds repeat. */
export type Field =
  | { readonly number: number; readonly kind: ScalarKind }
  | { readonly number: number; readonly kind: 'message' | 'messages'; readonly schema: Schema };

type ScalarKind = keyof ScalarValues;

interface ScalarValues {
  integer: number | undefined;
  integers: number[];
  float: number | undefined;
  floats: Float32Array;
  doubles: Float64Array;
  text: string | undefined;
  texts: string[];
  bytes: Uint8Array | undefined;
}

type FieldValue<F extends Field> = F extends { kind: 'message'; schema: infer S extends Schema }
  ? Message<S> | undefined
  : F extends { kind: 'messages'; schema: infer S extends Schema }
    ? Message<S>[]
    : F extends { kind: infer K extends ScalarKind }
      ? ScalarValues[K]
      : never;

/** A decoded message: single fields are undefined where the file has none, repeated ones are empty. */
export type Message<S extends Schema> = { -readonly [Name in keyof S]: FieldValue<S[Name]> };

/** What {@link encodeMessage} takes: any subset of a message's fields. */
export type MessageInput<S extends Schema> = {
  readonly [Name in keyof S]?: S[Name] extends { kind: 'message'; schema: infer N extends Schema }
    ? MessageInput<N>
    : S[Name] extends { kind: 'messages'; schema: infer N extends Schema }
      ? readonly MessageInput<N>[]
      : Readonly<FieldValue<S[Name]>>;
};

/** The bytes are no message of the schema: `where` they break, and what is wrong there. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
  constructor(
    readonly where: string,
    readonly problem: string,
  ) {
    super(`${where}: ${problem}`);
  }
}

/** Wire types: how a field's bytes are laid out. */
export const wire = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;
