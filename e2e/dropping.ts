import type { Page } from '@playwright/test';

/** Drops files and folders of the disk on the middle of the page, as a person's mouse would (Chromium only). */
export async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  const { width, height } = page.viewportSize()!;
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  await session.detach();
}
