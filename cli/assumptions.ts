import type { Assumption, IdentifiedAssumption } from '../src/project/assumptions';

/** An assumption as `--json` prints it: alternatives as the options that ask for them. */
export function printedAssumption({ id, what, value, because, option, alternatives }: IdentifiedAssumption) {
  const options =
    option === null ? [] : alternatives.map((alternative) => `--${option} ${quoted(alternative.value)}`);
  return { id, what, value, because, alternatives: options };
}

/** Everything that was assumed, a line each, with what else could be said. */
export function assumptionsText(assumptions: readonly Assumption[]): string {
  const width = assumptions.reduce((widest, { what }) => Math.max(widest, what.length), 0);
  return ['Assumed:', ...assumptions.map((assumption) => `  ${assumptionText(assumption, width)}`)].join(
    '\n',
  );
}

/** "Order of classes  sorted as text: 0, 1, 10 (12 of 12 images right); or --class-order numeric" */
export function assumptionText(assumption: Assumption, width = 0): string {
  const { what, value, because } = assumption;
  return `${what.padEnd(width)}  ${value} (${because})${otherwiseText(assumption)}`;
}

function otherwiseText({ option, alternatives }: Assumption): string {
  if (option === null || alternatives.length === 0) return '';
  return `; or --${option} ${alternatives.map(({ value }) => quoted(value)).join('|')}`;
}

/** As a shell takes it. */
function quoted(value: string): string {
  return /^[\w.,:+-]+$/.test(value) ? value : JSON.stringify(value);
}
