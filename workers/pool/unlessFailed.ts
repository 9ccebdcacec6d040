/**
 * Lets calls fail as soon as something else does. `Promise.race` would do the same, but whatever it is raced against holds
 * the result of every race for as long as it does not settle (V8 keeps the race's reactions there), which for a thread
 * is as long as it lives.
 *
 * @param failed rejects when nothing that is still open will be answered any more; otherwise it never settles
 */
export function unlessFailed(failed: Promise<never>): <T>(call: Promise<T>) => Promise<T> {
  const open = new Set<(reason: unknown) => void>();
  let end: { readonly reason: unknown } | null = null;
  failed.catch((reason: unknown) => {
    end = { reason };
    for (const reject of open) reject(reason);
    open.clear();
  });
  return (call) =>
    new Promise((resolve, reject) => {
      const rejectWith = (reason: unknown) => reject(reason);
      const settled = () => open.delete(rejectWith);
      call.then(resolve, rejectWith).finally(settled);
      if (end) rejectWith(end.reason);
      else open.add(rejectWith);
    });
}
