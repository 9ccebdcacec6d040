/** Waits for all, so that nothing runs on behind the caller's back, then fails where one has failed. */
export async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
