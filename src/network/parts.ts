import { FailureError } from './failure';

/**
 * Loads a part of the program that comes when it is first needed. Offline it cannot come, and after a newer version
 * was put on the server the old one's parts are gone.
 *
 * @param name of the part, for a person: "the decoder of PNG pictures"
 * @throws FailureError `part-missing`
 */
export async function loadPart<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw partMissing(name, error instanceof Error ? error.message : String(error));
  }
}

/** Why something cannot be done whose part of the program did not come. */
export function partMissing(name: string, reason: string): FailureError {
  return new FailureError(
    'part-missing',
    `Expected to load ${name}, found that it could not be fetched (${reason.replace(/\.$/, '')}); once the studio's server can be reached, reload the page: a newer version may have taken its place.`,
  );
}
