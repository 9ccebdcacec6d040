import { FailureError } from '../../../../network/failure';

/** One piece of a text in protocol buffers' text format. */
export interface Token {
  readonly kind: 'word' | 'text' | 'sign' | 'end';
  /** The word, sign or unquoted text. */
  readonly value: string;
  /** Line it stands in, from 1. */
  readonly line: number;
}

const blank = /\s+|#[^\n]*/y;
const word = /[-+]?[\w.][\w.+-]*/y;
/** A part of a text in quotes: characters as they are, or one behind a backslash. */
const parts = { '"': /[^"\\\n]+|\\./y, "'": /[^'\\\n]+|\\./y } as const;
const sign = /[{}<>[\]:,;-]/y;

/**
 * Takes a text apart.
 * @throws FailureError `unreadable-file` at the first character that belongs to nothing, with its line
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return null;
    at += found.length;
    return found;
  };
  for (;;) {
    for (let gap = take(blank); gap !== null; gap = take(blank)) line += gap.split('\n').length - 1;
    if (at >= text.length) break;
    const from = at;
    const token = nextToken(take);
    if (!token)
      return failAt(line, `found ${JSON.stringify(text.slice(from, from + 12))}, which starts nothing`);
    tokens.push({ ...token, line });
  }
  return [...tokens, { kind: 'end', value: '', line }];
}

function nextToken(take: (pattern: RegExp) => string | null): Omit<Token, 'line'> | null {
  const name = take(word);
  if (name !== null) return { kind: 'word', value: name };
  const quote = take(/["']/y) as keyof typeof parts | null;
  if (quote !== null) return quotedText(take, quote);
  const mark = take(sign);
  return mark === null ? null : { kind: 'sign', value: mark };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Only the escapes that names of layers and files really have; others stand for the character itself. */
function quotedText(
  take: (pattern: RegExp) => string | null,
  quote: keyof typeof parts,
): Omit<Token, 'line'> | null {
  let value = '';
  for (let part = take(parts[quote]); part !== null; part = take(parts[quote]))
    value += part.startsWith('\\') ? (escapes[part[1]!] ?? part[1]!) : part;
  return take(quote === '"' ? /"/y : /'/y) === null ? null : { kind: 'text', value };
}

/** Stops with a sentence that names the line; the file's name is put before it by who reads the file. */
export function failAt(line: number, problem: string): never {
  throw new FailureError(
    'unreadable-file',
    `expected a Caffe prototxt, but line ${line.toLocaleString('en-US')}: ${problem}; mend that line or export the net again.`,
  );
}
