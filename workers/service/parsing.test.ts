import { afterAll, expect, test } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import { drawn, encoded } from '../../cli/testPictures';
import { openImageFiles } from '../../src/formats/images';
import { writeNetwork } from '../../src/formats/models';
import { unwrap } from '../../src/network/failure';
import { fingerprintImages } from '../../src/network/fingerprint';
import { smallResidualNetwork } from '../../src/network/testing/builders';
import { thumbnailsKind } from '../protocol/thumbnails';
import { inThreadStudio } from '../testing/inThreadStudio';
import { randomPictures } from '../testing/tinyStudio';
import { InThreadParser } from './parsing';

const never = new AbortController().signal;
const ignore = () => undefined;
const studio = inThreadStudio(installedCodecs);
afterAll(() => studio.close());

test('pixels leave the parser in a buffer of their own, under the fingerprint that they had in the file', async () => {
  const file = randomPictures(5, 12, 12);
  const { images, summary } = unwrap(await new InThreadParser(installedCodecs).parseImages([file], null, {}));
  expect(images.pixels.buffer.byteLength).toBe(5 * 12 * 12 * 3);
  const read = await openImageFiles([file], installedCodecs);
  expect(summary.fingerprint).toBe(fingerprintImages(read));
  expect(summary).toMatchObject({ count: 5, height: 12, width: 12, channels: 3, labels: null });
});

test('pictures are fitted once to the network that they are opened for, and threads get their pixels', async () => {
  unwrap(await studio.start('wasm'));
  const network = unwrap(await studio.openNetwork(never, await writeNetwork(smallResidualNetwork(), 'onnx')));
  const bytes = await encoded(
    'png',
    drawn(30, 20, (x, y) => [8 * x, 12 * y, x + y]),
  );
  const picture = { name: 'a.png', bytes };
  const summary = unwrap(await studio.openImages(never, [picture], network.fingerprint));
  expect(summary).toMatchObject({ count: 1, height: 12, width: 12, isFitted: true });
  const task = { images: summary.fingerprint, indices: Uint32Array.of(0) };
  const pixels = unwrap(await studio.run(never, thumbnailsKind, task, ignore));
  const wanted = { height: 12, width: 12, channels: 3, classes: 5, classNames: null };
  expect(pixels).toEqual((await openImageFiles([picture], installedCodecs, wanted)).pixels);
});

test('images for a network that is not open are refused with a sentence', async () => {
  expect(await studio.openImages(never, [randomPictures(1, 2, 2)], 'unknown')).toEqual({
    ok: false,
    failure: { code: 'invalid-request', message: 'The network is no longer open; open it again.' },
  });
});
