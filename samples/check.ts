import { readFileSync } from 'node:fs';
import { renderSets, sha256 } from './images';
import { unpack } from './layout';
import type { Manifest, ShippedFile } from './manifest';
import { countCorrect } from './verify';

/** Share of the images by which two runtimes may differ: float32 sums in another order can turn a close call. */
const RUNTIME_TOLERANCE = 0.001;

/** What is wrong with the shipped samples: nothing, if all is well. */
export async function findFaults(shipped: string): Promise<string[]> {
  const manifest = JSON.parse(readFileSync(`${shipped}manifest.json`, 'utf8')) as Manifest;
  return [
    ...fileFaults(shipped, manifest),
    ...(await networkFaults(shipped, manifest)),
    ...(await renderingFaults(manifest)),
  ];
}

function fileFaults(shipped: string, { networks, imageSets }: Manifest): string[] {
  const files: ShippedFile[] = [...networks, imageSets.calibration, imageSets.validation];
  const changed = files.filter(
    ({ file, sha256: expected }) => sha256(readFileSync(shipped + file)) !== expected,
  );
  const sets = [imageSets.calibration, imageSets.validation];
  const images = sets.filter(
    ({ file, recordsSha256 }) => sha256(unpack(readFileSync(shipped + file))) !== recordsSha256,
  );
  return [
    ...changed.map(({ file }) => `${file}: the file's hash differs from the manifest's`),
    ...images.map(({ file }) => `${file}: the images' hash differs from the manifest's`),
  ];
}

async function networkFaults(shipped: string, { networks, imageSets }: Manifest): Promise<string[]> {
  const records = unpack(readFileSync(shipped + imageSets.validation.file));
  const faults: string[] = [];
  for (const { file, accuracy } of networks) {
    const correct = await countCorrect(readFileSync(shipped + file), records);
    console.log(
      `${file}: ${String(correct)} of ${String(accuracy.count)} right in ONNX Runtime, manifest ${String(accuracy.correct)}`,
    );
    if (Math.abs(correct - accuracy.correct) > RUNTIME_TOLERANCE * accuracy.count)
      faults.push(`${file}: another accuracy`);
  }
  return faults;
}

async function renderingFaults({ imageSets, madeWith }: Manifest): Promise<string[]> {
  const { records, browserVersion } = await renderSets();
  const sets = ['train', 'calibration', 'validation'] as const;
  return sets
    .filter((set) => sha256(records[set]) !== imageSets[set].recordsSha256)
    .map(
      (set) =>
        `${set}: rendered again by Chromium ${browserVersion} (then ${madeWith.chromium}), the images differ`,
    );
}
