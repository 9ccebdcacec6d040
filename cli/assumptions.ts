import type { Assumption, IdentifiedAssumption } from '../src/project/assumptions';

/** An assumption as `--json` prints it: alternatives as the options that ask for them. */
export function printedAssumption({ id, what, value, because, option, alternatives }: IdentifiedAssumption) {
  const options =
    option === null ? [] : alternatives.map((alternative) => `--${option} ${alternative.value}`);
  return { id, what, value, because, alternatives: options };
}

/** Everything that was assumed, a line each, with what else could be said. */
export function assumptionsText(assumptions: readonly Assumption[]): string {
  const width = assumptions.reduce((widest, { what }) => Math.max(widest, what.length), 0);
  const lines = assumptions.map(
    (assumption) =>
      `  ${assumption.what.padEnd(width)}  ${assumption.value} (${assumption.because})${otherwiseText(assumption)}`,
  );
  return ['Assumed:', ...lines].join('\n');
}

function otherwiseText({ option, alternatives }: Assumption): string {
  if (option === null || alternatives.length === 0) return '';
  return `; or --${option} ${alternatives.map(({ value }) => value).join('|')}`;
}
