import { FailureError } from '../../../../network/failure';

/** One piece of a text in protocol buffers' text format. */
export interface Token {
  readonly kind: 'word' | 'text' | 'sign' | 'end';
  /** The word, sign or unquoted text. */
  readonly value: string;
  /** Line it stands in, from 1. */
  readonly line: number;
}

const blank = /(?:[\s]+|#[^\n]*)*/y;
const word = /[-+]?[\w.][\w.+-]*/y;
const quoted = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;
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
    for (const character of take(blank) ?? '') if (character === '\n') line++;
    if (at >= text.length) break;
    const token = nextToken(take);
    if (!token) return failAt(line, `found ${JSON.stringify(text.slice(at, at + 12))}, which starts nothing`);
    tokens.push({ ...token, line });
  }
  return [...tokens, { kind: 'end', value: '', line }];
}

function nextToken(take: (pattern: RegExp) => string | null): Omit<Token, 'line'> | null {
  const name = take(word);
  if (name !== null) return { kind: 'word', value: name };
  const string = take(quoted);
  if (string !== null) return { kind: 'text', value: unquoted(string) };
  const mark = take(sign);
  return mark === null ? null : { kind: 'sign', value: mark };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Only the escapes that names of layers and files really have; others stand for the character itself. */
function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, character: string) => escapes[character] ?? character);
}

/** Stops with a sentence that names the line; the file's name is put before it by who reads the file. */
export function failAt(line: number, problem: string): never {
  throw new FailureError(
    'unreadable-file',
    `expected a Caffe prototxt, but line ${line.toLocaleString('en-US')}: ${problem}; mend that line or export the net again.`,
  );
}
