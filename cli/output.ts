import { neededText } from '../src/project/sweepNotes';
import type { Progress } from '../workers/protocol/progress';

/** Prints the answer of a command: one JSON object, or text for a person. */
export function printAnswer(asJson: boolean, value: object, text: () => string): void {
  process.stdout.write(printable(asJson ? `${JSON.stringify(value)}\n` : `${text()}\n`));
}

/** Says something beside the answer. */
export function note(text: string): void {
  process.stderr.write(printable(`${text}\n`));
}

/**
 * A text without characters that a terminal would obey: names of files and layers may hold any, and turn what
 * stands beside them round. They are written as JSON writes them; lines stay.
 */
export function printable(text: string): string {
  return text.replace(obeyed, escaped);
}

/** Control characters but for the end of a line, and those that change the direction of a text. */
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * A progress line on stderr, redrawn in place on a terminal and left out elsewhere. What takes longer than it was given
 * is said once, in any case.
 */
export function progressLine(): (progress: Progress) => void {
  const started = performance.now();
  let isNeedSaid = false;
  return (progress) => {
    const needed = neededText(progress);
    if (needed !== '' && !isNeedSaid) note(`${needed}.`);
    isNeedSaid ||= needed !== '';
    if (!process.stderr.isTTY) return;
    const { stage, done, total, unit } = progress;
    const seconds = (performance.now() - started) / 1000;
    const secondsLeft = progress.secondsLeft ?? (done > 0 ? (seconds / done) * (total - done) : null);
    const left = secondsLeft === null ? '' : `, about ${Math.ceil(secondsLeft)} s left`;
    process.stderr.write(
      `\r\x1b[K${stage} ${Math.floor(done)} of ${total} ${unit}${left}${done === total ? '\n' : ''}`,
    );
  };
}

/** Lays out rows in columns; numbers to the right. */
export function table(rows: readonly (readonly (string | number | null)[])[]): string {
  const texts = rows.map((row) =>
    row.map((cell) => (cell === null ? '–' : String(cell).replaceAll('\n', '\\n'))),
  );
  const widths = texts[0]!.map((_, column) =>
    texts.reduce((widest, row) => Math.max(widest, row[column]!.length), 0),
  );
  const isNumber = (row: number, column: number) => typeof rows[row]![column] === 'number';
  return texts
    .map((row, index) =>
      row
        .map((cell, column) =>
          isNumber(index, column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A share as a person reads it: "49.9 %". */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}
