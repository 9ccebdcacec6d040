/**
 * Takes a Web Lock of a new name and holds it for the whole life of this worker. Whoever asks for the same lock
 * is granted it exactly when the worker is gone, for whatever reason: no event tells of one that crashed.
 *
 * @returns the lock's name once it is held; null where there are no locks
 */
export function holdLifeline(): Promise<string | null> {
  if (!('locks' in navigator)) return Promise.resolve(null);
  const name = `enc-thread-${crypto.randomUUID()}`;
  return new Promise((held) => {
    const forEver = new Promise<never>(() => undefined);
    navigator.locks
      .request(name, () => {
        held(name);
        return forEver;
      })
      .catch(() => held(null));
  });
}
