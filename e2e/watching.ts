import { expect, type Locator, type Page, type Request } from '@playwright/test';

/*
 * Ways to wait for what is meant. A test waits for no length of time: on a machine that others share, none is long
 * enough, and on an idle one every one is too long.
 */

/** Lets the page draw so many frames: what an event set off in it stands on the page then. */
export async function drawn(page: Page, frames = 2): Promise<void> {
  await page.evaluate(async (count) => {
    for (let left = count; left > 0; left--) await new Promise(requestAnimationFrame);
  }, frames);
}

/** Waits until colours have eased into those of another scheme, and what moves has come to rest. */
export async function eased(page: Page): Promise<void> {
  await drawn(page);
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
}

/** Frames in which everything that follows a change has been written: the table waits a few before it writes ranks. */
const ampleFrames = 20;

/** Reads until many frames have changed nothing, and gives what was read. */
export async function settled<T>(page: Page, read: () => Promise<T>): Promise<T> {
  for (let last = await read(); ;) {
    await drawn(page, ampleFrames);
    const next = await read();
    if (next === last) return next;
    last = next;
  }
}

/** Notes every text that an element shows from now on, so that none which comes and goes is missed. */
export async function noteTexts(locator: Locator): Promise<() => Promise<readonly string[]>> {
  const noted = await locator.evaluateHandle((element) => {
    const texts = [element.textContent];
    const changes = { subtree: true, childList: true, characterData: true };
    new MutationObserver(() => texts.push(element.textContent)).observe(element, changes);
    return texts;
  });
  return () => noted.jsonValue();
}

/** How many values the bytes of a canvas have: one of a single colour is still empty. */
export function coloursOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
    return new Set(data).size;
  });
}

/** Processor time of the page, its compute threads included, in seconds since it began. */
export async function busySeconds(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Processor seconds that so many frames may cost a page in which nothing happens. */
const quiet = { frames: 30, seconds: 0.15 };

/**
 * Waits until nothing is computed while the page draws half a second of frames, and gives the processor time that
 * was used until then. Threads that compute get their share of the processor whenever the page gets its frames, so
 * a busy machine makes this neither fail nor pass.
 */
export async function threadsAtRest(page: Page): Promise<number> {
  const first = await busySeconds(page);
  let last = first;
  const secondsOfFrames = async () => {
    const before = last;
    await drawn(page, quiet.frames);
    last = await busySeconds(page);
    return last - before;
  };
  await expect.poll(secondsOfFrames, { timeout: 20_000 }).toBeLessThan(quiet.seconds);
  return last - first;
}

/** Requests of the page that are held back. */
export interface HeldRequests {
  /** Waits until at least one was made. */
  asked(): Promise<void>;
  /** Answers them, and waits until each has been read or was given up. */
  release(): Promise<void>;
}

/** Holds back what the page asks of some addresses from now on. */
export async function holdBack(page: Page, addresses: RegExp): Promise<HeldRequests> {
  const made: Request[] = [];
  const ended = new Set<Request>();
  for (const event of ['requestfinished', 'requestfailed'] as const)
    page.on(event as 'requestfinished', (request) => ended.add(request));
  let open: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  await page.route(addresses, async (route, request) => {
    made.push(request);
    await opened;
    await route.continue();
  });
  return {
    asked: () => expect.poll(() => made.length).toBeGreaterThan(0),
    release: async () => {
      open();
      await expect.poll(() => made.every((request) => ended.has(request))).toBe(true);
    },
  };
}
