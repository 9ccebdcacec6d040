import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { emptyDocument } from '../../../project/document';
import { documentText, readDocument } from '../../../project/documentText';
import { readSession, sessionDocument, writeSession, type SessionFile } from './archive';

const bytes = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, index) => (index * seed) % 251);
const session: SessionFile = {
  record: {
    ...{ title: 'small · four', savedAt: 1_700_000_000_000, state: 'ENC-Map at 50 %', ranks: [0.5, 1] },
    ...{ document: documentText(emptyDocument), curvesFrom: null, selectedLayer: 'a' },
    layersView: { order: 'loss', isReversed: true, isGrouped: true, folded: ['a'] },
  },
  files: {
    network: [
      { name: 'net/model.onnx', bytes: bytes(1000, 7) },
      { name: 'net/model.onnx.data', bytes: bytes(5000, 3) },
    ],
    images: [{ name: 'b.bin', bytes: bytes(64, 5) }],
  },
};

/** The session with its archive changed. */
async function changed(change: (entries: Record<string, Uint8Array>) => void) {
  const entries = unzipSync(await writeSession(session));
  change(entries);
  return { name: 'mine.encstudio', bytes: zipSync(entries) };
}

const withHead = (change: Record<string, unknown>) =>
  changed((entries) => {
    const head = JSON.parse(strFromU8(entries['session.json']!)) as object;
    entries['session.json'] = strToU8(JSON.stringify({ ...head, ...change }));
  });

it('a session comes back from its file as it was', async () => {
  const again = await readSession({ name: 'mine.encstudio', bytes: await writeSession(session) });
  expect(again).toEqual(session);
  expect(readDocument(again.record.document, 'mine')).toEqual(emptyDocument);
});

it('a session that was saved before layers could be put in order comes back', async () => {
  const again = await readSession(await withHead({ layersView: undefined }));
  expect(again.record).not.toHaveProperty('layersView');
});

describe('a file that is no whole session is refused', () => {
  const cases: [string, () => Promise<{ name: string; bytes: Uint8Array }>, RegExp][] = [
    [
      'no archive',
      () => Promise.resolve({ name: 'mine.encstudio', bytes: bytes(90, 3) }),
      /^mine\.encstudio: expected a session of ENC Studio, found no whole zip archive \(.+\); save the session again/,
    ],
    [
      'cut off',
      async () => ({ name: 'mine.encstudio', bytes: (await writeSession(session)).slice(0, -40) }),
      /found no whole zip archive/,
    ],
    [
      'another archive',
      () => changed((entries) => delete entries['session.json']),
      /expected session\.json in the session, found none/,
    ],
    [
      'no JSON',
      () => changed((entries) => (entries['session.json'] = strToU8('{'))),
      /expected JSON in session\.json, found something else/,
    ],
    [
      'another format',
      () => withHead({ format: 'x' }),
      /format: expected what a session says there, found "x"/,
    ],
    [
      'a later version',
      () => withHead({ version: 9 }),
      /expected a session of version 1, found version 9; open it with the studio that it was saved by\.$/,
    ],
    [
      'a file that is gone',
      () => changed((entries) => delete entries['files/network/1']),
      /expected net\/model\.onnx\.data in the session, found none/,
    ],
    [
      'a file that was changed',
      () => changed((entries) => (entries['files/images/0'] = bytes(64, 9))),
      /expected b\.bin as it was saved, found other bytes/,
    ],
  ];
  it.each(cases)('%s', async (_name, file, sentence) => {
    await expect(readSession(await file())).rejects.toThrow(sentence);
  });

  it.each(['session.json', 'document.json', 'files/images/0'])(
    'one whose %s is whole but for a bit, which its checksum tells',
    async (entry) => {
      // Stored as it is, so that a changed bit is a changed character, or number.
      const entries = unzipSync(await writeSession(session));
      const stored = zipSync(
        Object.fromEntries(
          Object.entries(entries).map(([name, own]) => [name, [own, { level: 0 }]] as const),
        ),
      );
      const own = entries[entry]!;
      const at = stored.findIndex((_, from) => own.every((byte, index) => stored[from + index] === byte));
      const digit = own.findIndex((byte) => byte >= 0x30 && byte <= 0x38);
      stored[at + Math.max(digit, 0)]! ^= 1;
      await expect(readSession({ name: 'mine.encstudio', bytes: stored })).rejects.toThrow(
        `mine.encstudio: expected ${entry} as it was saved, found other bytes; save the session again`,
      );
    },
  );

  it('a session about no network', () => {
    expect(() => sessionDocument({ title: 'mine', document: documentText(emptyDocument) })).toThrow(
      'mine: expected a session about a network, found one about none; open another.',
    );
  });

  it('an archive that says that it holds more than a page can', async () => {
    const packed = await writeSession(session);
    // The size that the directory states for its first entry, which is 24 bytes behind its signature.
    const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
    for (let at = packed.length - 4; at >= 0; at--)
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 0x7fffffff, true);
    await expect(readSession({ name: 'mine.encstudio', bytes: packed })).rejects.toThrow(
      /expected a session of at most \d+ bytes in \d+ entries, found more/,
    );
  });
});
