import { createHash } from 'node:crypto';
import { openRenderingPage } from './browser';
import type { RenderingPage } from './browser';
import type { ImageSetName } from './families';
import { toRecords } from './layout';
import { planImages } from './plan';
import { faceFiles } from './sources';
import { IMAGE_SETS } from './task';

/** The rendered sets in CIFAR-10's layout, not packed, and the browser that made them. */
export interface RenderedSets {
  readonly browserVersion: string;
  readonly records: Readonly<Record<ImageSetName, Uint8Array>>;
}

/** Renders all three image sets. */
export async function renderSets(): Promise<RenderedSets> {
  const page = await openRenderingPage();
  try {
    const train = await renderSet(page, 'train');
    const calibration = await renderSet(page, 'calibration');
    const validation = await renderSet(page, 'validation');
    return { browserVersion: page.version, records: { train, calibration, validation } };
  } finally {
    await page.close();
  }
}

/** SHA-256 in hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function renderSet(page: RenderingPage, set: ImageSetName): Promise<Uint8Array> {
  const families = faceFiles(set);
  await page.loadFaces(families.flat());
  const images = planImages(set, families);
  const pixels = await page.render(images);
  console.log(
    `rendered ${set}: ${String(images.length)} images, ${String(IMAGE_SETS[set].perClass)} of each class`,
  );
  return toRecords(
    images.map(({ label }) => label),
    pixels,
  );
}
