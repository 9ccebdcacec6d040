import { FailureError } from '../../network/failure';

/** The sentence that something is refused with. Anything else that is thrown goes on. */
export async function sentenceOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof FailureError) return error.message;
    throw error;
  }
  return 'no failure';
}
