/**
 * Runs long work while holding a Web Lock: browsers freeze hidden pages that compute for minutes, but not those
 * that hold a lock. Without locks the work just runs.
 */
export async function stayAwake<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  // Shared, so that two pages of the studio do not wait for each other. The lock's own types answer `unknown`
  // promises flattened once more than they are.
  let result: Promise<T> | null = null;
  await navigator.locks
    .request('enc-studio-work', { mode: 'shared' }, () => (result = work()))
    .catch(() => undefined);
  return result ?? work();
}
