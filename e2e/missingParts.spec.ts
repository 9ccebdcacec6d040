import { expect, test } from './test';
import { mkdirSync } from 'node:fs';
import { drawn as drawnPicture, encoded } from '../cli/testPictures';
import { writeNetwork } from '../src/formats/models';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeFile } from './tinyFiles';

const query = '?sample=none&metric=energy&repair=off&backend=wasm';
const advice =
  /once the studio's server can be reached, reload the page: a newer version may have taken its place/;

async function files(folder: string) {
  mkdirSync(folder, { recursive: true });
  const [network] = await writeNetwork(tinyNetwork(), 'h5');
  const picture = await encoded(
    'webp',
    drawnPicture(8, 8, (row) => [10 * row, 90, 120]),
  );
  return {
    network: writeFile(folder, 'tiny.h5', network!.bytes),
    picture: writeFile(folder, 'a.webp', picture),
  };
}

test('offline, what was not loaded yet is named, and the page goes on once it is online', async ({
  page,
  context,
}, info) => {
  const { network, picture } = await files(info.outputDir);
  const studio = new StudioPage(page);
  await studio.open(query);
  await expect(page.getByRole('button', { name: /^WebAssembly · / })).toBeVisible();
  await context.setOffline(true);
  await studio.chooseNetwork(network);
  await expect(studio.network.getByRole('alert')).toContainText(/Expected to load the reader/);
  await expect(studio.network.getByRole('alert')).toContainText(advice);
  await studio.chooseImages(picture);
  await expect(studio.images.getByRole('alert')).toContainText(advice);
  await context.setOffline(false);
  await studio.reload();
  await studio.chooseNetwork(network);
  await expect(studio.network).toContainText('tiny');
  await studio.chooseImages(picture);
  await expect(studio.images).toContainText('1 image');
});

/** A host answers for a file that is gone with an error, or with its front page and success. */
const answers = {
  'an error': { status: 404, contentType: 'text/plain', body: 'gone' },
  'its front page': {
    status: 200,
    contentType: 'text/html',
    body: '<!doctype html><title>ENC Studio</title>',
  },
};

for (const [what, answer] of Object.entries(answers)) {
  test(`a page whose later parts a deploy took away says so, where the host sends ${what}`, async ({
    page,
    context,
  }, info) => {
    const { network, picture } = await files(info.outputDir);
    const studio = new StudioPage(page);
    await studio.open(query);
    await expect(page.getByRole('button', { name: /^WebAssembly · / })).toBeVisible();
    await context.route(/assets\/(hdf5|dist|decode|webp|compute)[^/]*$/, (route) => route.fulfill(answer));
    await studio.chooseNetwork(network);
    await expect(studio.network.getByRole('alert')).toContainText(
      /Expected to load the reader of HDF5 files, found that it could not be fetched/,
    );
    await expect(studio.network.getByRole('alert')).toContainText(advice);
    await studio.chooseImages(picture);
    await expect(studio.images.getByRole('alert')).toContainText(
      /Expected to load the decoder of WebP pictures/,
    );
    await expect(studio.images.getByRole('alert')).toContainText(advice);
    await expect(page.getByText('memory')).toHaveCount(0);
  });
}
