import { failAt, tokensOf, type Token } from './tokens';

/** A field's value as it stands in the text: a word, a quoted text, or a message in braces. */
export type TextValue =
  | { readonly kind: 'word' | 'text'; readonly value: string; readonly line: number }
  | { readonly kind: 'message'; readonly fields: TextMessage; readonly line: number };

/** Fields in the order of the text; the same name may come again. */
export type TextMessage = readonly { readonly name: string; readonly value: TextValue }[];

/** Messages inside messages; Caffe's own need four. */
const deepest = 32;

/**
 * Parses protocol buffers' text format (https://protobuf.dev/reference/protobuf/textformat-spec/) without
 * a schema; extensions and `Any` are not known.
 *
 * @throws FailureError `unreadable-file` with the line where the text breaks the format
 */
export function parseText(text: string): TextMessage {
  const parser = new Parser(tokensOf(text));
  return parser.message(null, 0);
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  /** Fields up to the closing sign, or up to the end of the text where there is none. */
  message(close: string | null, depth: number): TextMessage {
    const fields: { name: string; value: TextValue }[] = [];
    if (depth > deepest) failAt(this.next.line, `found messages inside messages more than ${deepest} deep`);
    while (!this.isAtEnd(close)) {
      const name = this.take();
      if (name.kind !== 'word') failAt(name.line, `expected the name of a field, found ${describe(name)}`);
      for (const value of this.values(name.value, depth)) fields.push({ name: name.value, value });
      if (this.isSign(',') || this.isSign(';')) this.at++;
    }
    this.at++;
    return fields;
  }

  private get next(): Token {
    return this.tokens[this.at]!;
  }

  private take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.at++;
    return token;
  }

  private isSign(value: string): boolean {
    return this.next.kind === 'sign' && this.next.value === value;
  }

  private isAtEnd(close: string | null): boolean {
    const { kind, line } = this.next;
    if (kind === 'end' && close !== null) failAt(line, `the text ends where "${close}" is expected`);
    return kind === 'end' || (close !== null && this.isSign(close));
  }

  private values(name: string, depth: number): readonly TextValue[] {
    const hasColon = this.isSign(':');
    if (hasColon) this.at++;
    if (this.isSign('[')) return this.list(name, depth);
    if (!hasColon && !this.isSign('{') && !this.isSign('<'))
      failAt(this.next.line, `expected ":" or "{" after "${name}", found ${describe(this.next)}`);
    return [this.value(name, depth)];
  }

  private list(name: string, depth: number): readonly TextValue[] {
    const values: TextValue[] = [];
    this.at++;
    while (!this.isSign(']')) {
      values.push(this.value(name, depth));
      if (this.isSign(',')) this.at++;
    }
    this.at++;
    return values;
  }

  private value(name: string, depth: number): TextValue {
    const token = this.take();
    const { kind, value, line } = token;
    if (kind === 'text') return { kind, value: value + this.moreText(), line };
    if (kind === 'word') return { kind, value, line };
    const close = value === '{' ? '}' : value === '<' ? '>' : null;
    if (kind === 'end' || close === null)
      return failAt(line, `expected a value for "${name}", found ${describe(token)}`);
    return { kind: 'message', fields: this.message(close, depth + 1), line };
  }

  /** Texts that stand one after the other are one. */
  private moreText(): string {
    let more = '';
    while (this.next.kind === 'text') more += this.take().value;
    return more;
  }
}

function describe({ kind, value }: Token): string {
  return kind === 'end' ? 'the end of the text' : `"${value}"`;
}
