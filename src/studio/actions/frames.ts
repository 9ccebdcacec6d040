/**
 * Calls a function with the newest value, at most once per frame. Hidden pages draw no frames, so a timer
 * stands in for them there.
 */
export function nextFrame<T>(apply: (value: T) => void): (value: T) => void {
  let waiting: { value: T } | null = null;
  const flush = () => {
    const newest = waiting;
    waiting = null;
    if (newest) apply(newest.value);
  };
  return (value) => {
    const isScheduled = waiting !== null;
    waiting = { value };
    if (isScheduled) return;
    if (document.hidden) setTimeout(flush, 50);
    else requestAnimationFrame(flush);
  };
}
