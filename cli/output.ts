import type { Progress } from '../workers/protocol/progress';

/** Prints the answer of a command: one JSON object, or text for a person. */
export function printAnswer(asJson: boolean, value: object, text: () => string): void {
  process.stdout.write(asJson ? `${JSON.stringify(value)}\n` : `${text()}\n`);
}

/** Says something beside the answer. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A progress line on stderr, redrawn in place on a terminal and left out elsewhere. */
export function progressLine(): (progress: Progress) => void {
  const started = performance.now();
  return ({ stage, done, total, unit }) => {
    if (!process.stderr.isTTY) return;
    const seconds = (performance.now() - started) / 1000;
    const left = done > 0 ? `, about ${Math.ceil((seconds / done) * (total - done))} s left` : '';
    process.stderr.write(`\r\x1b[K${stage} ${done} of ${total} ${unit}${left}${done === total ? '\n' : ''}`);
  };
}

/** Lays out rows in columns; numbers to the right. */
export function table(rows: readonly (readonly (string | number | null)[])[]): string {
  const texts = rows.map((row) => row.map((cell) => (cell === null ? '–' : String(cell))));
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
