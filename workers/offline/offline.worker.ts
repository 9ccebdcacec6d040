import { CacheFirst, ExpirationPlugin, Serwist, type PrecacheEntry, type SerwistGlobalConfig } from 'serwist';

declare global {
  interface WorkerGlobalScope extends SerwistGlobalConfig {
    /** Put in by the build: the files that every visit needs, with their revisions. */
    __SW_MANIFEST: (PrecacheEntry | string)[] | undefined;
  }
}
declare const self: ServiceWorkerGlobalScope;

/** Large parts that few need are kept once somebody has used them; of those of former builds only as many. */
const maxLateFiles = 24;

/**
 * Keeps the studio's own files on this machine, so that it opens without a network. A new build waits until a person
 * takes it; until then the page goes on with all the parts of its own.
 */
new Serwist({
  precacheEntries: self.__SW_MANIFEST ?? [],
  precacheOptions: {
    cleanupOutdatedCaches: true,
    directoryIndex: 'index.html',
    // What is asked for in the address is the page's business.
    ignoreURLParametersMatching: [/.*/],
  },
  skipWaiting: false,
  clientsClaim: true,
  runtimeCaching: [
    {
      matcher: ({ url, sameOrigin }) => sameOrigin && url.pathname.includes('/assets/'),
      handler: new CacheFirst({
        cacheName: 'enc-late-parts',
        plugins: [new ExpirationPlugin({ maxEntries: maxLateFiles })],
      }),
    },
  ],
}).addEventListeners();
