import type { Page } from '@playwright/test';
import { expect, test } from './test';
import type { LayerFactors } from '../src/network/factors';
import {
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../src/network/testing/builders';
import { StudioPage } from './studioPage';
import { writeOnnxFile } from './tinyFiles';

/** Does something with all records of the page's cache of factors; answers how many there are. */
function withSavedFactors(page: Page, flattens: boolean): Promise<number> {
  return page.evaluate(async (changes) => {
    const known = await indexedDB.databases();
    if (!known.some(({ name }) => name === 'enc-studio-factors')) return 0;
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(request.error?.message));
      });
    const database = await settled(indexedDB.open('enc-studio-factors'));
    const store = database.transaction('records', 'readwrite').objectStore('records');
    const keys = await settled(store.getAllKeys());
    const records = (await settled(store.getAll())) as LayerFactors[];
    for (const [index, record] of records.entries()) {
      // All of one layer's energy in its first rank.
      const singularValues = record.singularValues.map((value, rank) => (rank === 0 ? value : 0));
      if (changes && record.layer === 'conv2d1')
        await settled(store.put({ ...record, singularValues }, keys[index]));
    }
    database.close();
    return records.length;
  }, flattens);
}

test('the factors of large layers are found again when their network is opened again', async ({
  page,
}, info) => {
  const numbers = seededNumbers(2);
  const layer = (inputs: number, outputs: number) =>
    randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs, outputs });
  const network = chainOf(
    [12, 12, 8],
    [
      layer(8, 160),
      layer(160, 160),
      layer(160, 160),
      { kind: 'globalPool', reduce: 'average', keepDimensions: false },
      randomDense(numbers, 160, 5),
    ],
  );
  const file = await writeOnnxFile(info.outputPath(), 'large.onnx', network);
  const studio = new StudioPage(page);
  const opened = async () => {
    await studio.open('?sample=none&backend=wasm&metric=energy&repair=off&target=0.5');
    await studio.chooseNetwork(file);
    await studio.waitForPlan('ENC-Map');
    return studio.layers.innerText();
  };
  const first = await opened();
  await expect.poll(() => withSavedFactors(page, false)).toBe(2);
  expect(await opened()).toBe(first);
  await withSavedFactors(page, true);
  // At first the curves are those of the values that are kept by themselves, then those of the factors in the cache.
  await opened();
  await expect.poll(() => studio.layers.innerText()).not.toBe(first);
});
