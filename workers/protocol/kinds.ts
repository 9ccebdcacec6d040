/** What a kind of run takes, tells on its way and answers. Types only. */
export interface RunSpec {
  readonly task: unknown;
  readonly event: unknown;
  readonly result: unknown;
}

/**
 * Foreground work is what a person waits for. Background work (sweeps) steps aside inside a thread while
 * foreground work runs there, so a thread may be at one of each. Immediate work waits for neither: it takes no
 * longer than a look at what the thread holds.
 */
export type Priority = 'foreground' | 'background' | 'immediate';

/** A kind of run: its name in the registries, and who goes first. */
export interface RunKind<S extends RunSpec> {
  readonly name: string;
  readonly priority: Priority;
  /** Never there; it ties the name to its types. */
  readonly spec?: S;
}

/** Names a kind of run. It stands in a file of its own with its spec, which page and threads share. */
export function runKind<S extends RunSpec>(name: string, priority: Priority = 'foreground'): RunKind<S> {
  return { name, priority };
}
