/** What the page is told of the copy of the studio that this browser keeps. */
export interface OfflineEvents {
  /** A newer build is here; `take` starts it, which loads the page again. */
  onUpdate(take: () => void): void;
}

/** First the network and its curves: the copy is only for the next visit. */
const delayMilliseconds = 3000;

/**
 * Lets the browser keep the studio's own files, so that it opens without a network. Where that is not possible, such
 * as in private windows of some browsers, the page works as before.
 */
export function keepOffline({ onUpdate }: OfflineEvents): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const register = () => {
    navigator.serviceWorker.register('./offline.js').then(
      (registration) => watch(registration, onUpdate),
      // Only the next visit without a network would notice, and is told by the browser then.
      () => undefined,
    );
  };
  const registerSoon = () => setTimeout(register, delayMilliseconds);
  if (document.readyState === 'complete') registerSoon();
  else window.addEventListener('load', registerSoon, { once: true });
}

function watch(registration: ServiceWorkerRegistration, onUpdate: OfflineEvents['onUpdate']): void {
  const tell = (worker: ServiceWorker) =>
    onUpdate(() => {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      worker.postMessage({ type: 'SKIP_WAITING' });
    });
  // Without a controller this is the first copy, which runs already.
  if (registration.waiting && navigator.serviceWorker.controller) tell(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && navigator.serviceWorker.controller) tell(worker);
    });
  });
}
