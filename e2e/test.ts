import { expect, test as plain, type Browser, type BrowserContext, type Request } from '@playwright/test';

export { expect } from '@playwright/test';

interface Watched {
  /** Whether the test itself asks for other origins, to see what comes of it. */
  triesElsewhere: boolean;
  /** Everything that a page or its workers asked of an origin that is not the page's own, and what a policy refused. */
  elsewhere: readonly string[];
}

/**
 * Playwright's test, which fails where any page or worker asks anything of another origin than the one it was opened
 * from, whatever the test is about and in whichever browser context.
 */
export const test = plain.extend<Watched>({
  triesElsewhere: [false, { option: true }],
  elsewhere: [
    async ({ browser, triesElsewhere }, use) => {
      const noted: string[] = [];
      const stop = watchContexts(browser, (what) => noted.push(what));
      await use(noted);
      stop();
      if (!triesElsewhere) expect(noted, 'asked of other origins').toEqual([]);
    },
    { auto: true },
  ],
});

/** Watches the contexts that a browser has from now on. */
function watchContexts(browser: Browser, note: (what: string) => void): () => void {
  const watch = (context: BrowserContext) => watchContext(context, note);
  browser.on('context', watch);
  return () => browser.off('context', watch);
}

function watchContext(context: BrowserContext, note: (what: string) => void): void {
  /** Where pages of this context were opened from. */
  const own = new Set<string>();
  const look = (address: string) => {
    const { protocol, origin } = new URL(address);
    if (/^(https?|wss?):$/.test(protocol) && !own.has(origin.replace(/^ws/, 'http'))) note(address);
  };
  context.on('request', (request) => {
    if (isOpening(request)) own.add(new URL(request.url()).origin);
    look(request.url());
  });
  context.on('page', (page) => page.on('websocket', (socket) => look(socket.url())));
  // What a policy refuses is asked of nobody, but should not be tried either.
  context.on('console', (message) => {
    if (/violates the following Content Security Policy/.test(message.text())) note(message.text());
  });
}

/** Whether a request opens a page of this machine: what the studio links to elsewhere is never followed by a test. */
function isOpening(request: Request): boolean {
  return request.isNavigationRequest() && new URL(request.url()).hostname === 'localhost';
}
