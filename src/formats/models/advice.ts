/** What is said of operators whose names look alike. */
export interface Advice {
  readonly names: RegExp;
  /** Why they cannot be computed; what to do. */
  readonly text: string;
}

/** A function from an operator's name to why it cannot be computed and what to do. */
export function adviceByName(entries: readonly Advice[], otherwise: string): (name: string) => string {
  return (name) => entries.find(({ names }) => names.test(name))?.text ?? otherwise;
}
