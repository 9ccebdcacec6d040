/** What kind of expected failure happened. Bugs are exceptions of other classes. */
export type FailureCode =
  | 'unreadable-file'
  | 'needs-input-size'
  | 'unsupported-operator'
  | 'invalid-network'
  | 'invalid-images'
  | 'images-do-not-fit'
  | 'invalid-request'
  | 'step-unknown'
  | 'rank-not-reached'
  | 'backend-unavailable'
  | 'device-lost'
  | 'device-error'
  | 'thread-lost'
  | 'part-missing'
  | 'out-of-memory'
  | 'export-mismatch'
  | 'storage-refused'
  | 'cancelled';

/** An expected failure as data, so that it can cross threads. */
export interface Failure {
  readonly code: FailureCode;
  /** One sentence for a person: what was expected, what was found, where, and what to do. */
  readonly message: string;
}

/** Either the value of a finished job or the expected failure that ended it. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** Carries a {@link Failure} up to the boundary of a service, where {@link outcomeOf} turns it into data. */
export class FailureError extends Error {
  override readonly name = 'FailureError';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }

  get failure(): Failure {
    return { code: this.code, message: this.message };
  }
}

/** Stops with an expected failure. */
export function fail(code: FailureCode, message: string): never {
  throw new FailureError(code, message);
}

/** Runs a job and turns the expected failures it throws into data; every other exception passes through. */
export async function outcomeOf<T>(job: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await job() };
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, failure: error.failure };
    if (error instanceof RangeError && /alloc|array length|buffer/i.test(error.message)) {
      const message = `Not enough memory for this step (${error.message}); close other pages or use fewer images.`;
      return { ok: false, failure: { code: 'out-of-memory', message } };
    }
    throw error;
  }
}

/** The value of an outcome, or the failure thrown again as a {@link FailureError}. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new FailureError(outcome.failure.code, outcome.failure.message);
}
