/** Makes the built-in samples; README.md beside this file says how to run it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findFaults } from './check';
import { renderSets, sha256 } from './images';
import type { RenderedSets } from './images';
import { RECORD_BYTES, pack } from './layout';
import { imageSetEntry, networkEntry, sharedEntries, shippedImageSet } from './manifest';
import type { ImageSetEntry, Manifest, ShippedFile, ShippedImageSet } from './manifest';
import { noticeFor } from './notice';
import { installSources, sourcePackages } from './sources';
import { NETWORKS } from './task';
import { readReport, trainNetwork, trainedFiles } from './train';

const WORK = fileURLToPath(new URL('.cache/', import.meta.url));
const SHIPPED = fileURLToPath(new URL('../public/samples/', import.meta.url));

const { values: options } = parseArgs({
  options: {
    'images-only': { type: 'boolean', default: false },
    'reuse-networks': { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});

installSources();
if (options.check) {
  await check();
} else {
  mkdirSync(WORK, { recursive: true });
  mkdirSync(SHIPPED, { recursive: true });
  const rendered = await renderSets();
  const imageSets = storeImages(rendered);
  if (!options['images-only']) storeNetworks(rendered.browserVersion, imageSets);
}

/** Compares what is shipped with its manifest and with images rendered again. */
async function check(): Promise<void> {
  const faults = await findFaults(SHIPPED);
  for (const fault of faults) console.error(fault);
  console.log(
    faults.length === 0 ? 'samples: as the manifest says' : `samples: ${String(faults.length)} faults`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}

/** Keeps all sets for training and ships the two that the product uses. */
function storeImages({ records }: RenderedSets): Manifest['imageSets'] {
  for (const [set, bytes] of Object.entries(records)) writeFileSync(`${WORK}${set}.bin`, bytes);
  const entry = (set: keyof typeof records): ImageSetEntry =>
    imageSetEntry(set, records[set].length / RECORD_BYTES, sha256(records[set]));
  const shipped = (set: keyof typeof records): ShippedImageSet =>
    shippedImageSet(entry(set), ship(`${set}.bin.gz`, pack(records[set])));
  return { calibration: shipped('calibration'), validation: shipped('validation'), train: entry('train') };
}

/** Trains and ships the networks, then writes the manifest and the licences' page. */
function storeNetworks(chromium: string, imageSets: Manifest['imageSets']): void {
  const networks = NETWORKS.map((network) => {
    if (!options['reuse-networks']) trainNetwork(WORK, network.name);
    const file = ship(`${network.name}.onnx`, readFileSync(trainedFiles(WORK, network.name).onnx));
    return networkEntry(network, file, readReport(WORK, network.name));
  });
  const torch = readReport(WORK, NETWORKS[0].name).torch;
  const made = { networks, imageSets, sources: sourcePackages(), madeWith: { chromium, torch } };
  const manifest: Manifest = { ...sharedEntries(), ...made };
  writeFileSync(`${SHIPPED}manifest.json`, `${JSON.stringify(manifest, null, 1)}\n`);
  writeFileSync(`${SHIPPED}README.md`, noticeFor(manifest));
}

function ship(file: string, bytes: Uint8Array): ShippedFile {
  writeFileSync(SHIPPED + file, bytes);
  console.log(`${file}: ${String(bytes.length)} bytes`);
  return { file, sha256: sha256(bytes), bytes: bytes.length };
}
