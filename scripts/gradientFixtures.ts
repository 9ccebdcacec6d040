import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { TorchTable } from '../src/engine/training/testing/pytorch';

const place = new URL('../src/engine/training/testing/pytorch.json.gz', import.meta.url);

/** What PyTorch made of seeded cases (see scripts/make-gradient-fixtures.py). */
export function torchTable(): TorchTable {
  return JSON.parse(gunzipSync(readFileSync(place)).toString()) as TorchTable;
}
