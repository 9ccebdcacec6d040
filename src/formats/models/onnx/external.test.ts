import { describe, expect, it } from 'vitest';
import { FailureError } from '../../../network/failure';
import { fingerprintNetwork } from '../../../network/fingerprint';
import { smallResidualNetwork } from '../../../network/testing/builders';
import type { NamedFile } from '../../file';
import { sortFiles } from '../../sorting';
import { readNetwork } from '..';
import { decodeMessage, encodeMessage } from '../protobuf';
import { readOnnx } from './read';
import { modelSchema, type ModelInput } from './schema';
import { writeOnnx } from './write';

const whole = writeOnnx(smallResidualNetwork());
const expected = fingerprintNetwork(readOnnx({ name: 'net.onnx', bytes: whole }));
const model = decodeMessage(modelSchema, whole, 'model');
type Entries = { key: string; value: string }[];

/** The network with its weights moved out: all into one file, or each into one of its own. */
function split(
  name: string,
  locationOf: (index: number) => string,
  change: (entries: Entries) => Entries = (entries) => entries,
): NamedFile[] {
  const parts = new Map<string, Uint8Array[]>();
  const initializers = model.graph!.initializers.map(({ rawData, ...tensor }, index) => {
    const location = locationOf(index);
    const before = (parts.get(location) ?? []).reduce((sum, part) => sum + part.length, 0);
    parts.set(location, [...(parts.get(location) ?? []), rawData!]);
    const externalData = change([
      { key: 'location', value: location },
      { key: 'offset', value: String(before) },
      { key: 'length', value: String(rawData!.length) },
      { key: '__proto__', value: 'passed over' },
    ]);
    return { ...tensor, dataLocation: 1, externalData };
  });
  const graph = { ...model.graph!, initializers };
  // Decoded messages have undefined where files have nothing.
  const written = encodeMessage(modelSchema, { ...model, graph } as ModelInput);
  const data = [...parts].map(([location, all]) => ({
    name: location,
    bytes: Uint8Array.from(Buffer.concat(all)),
  }));
  return [{ name, bytes: written }, ...data];
}

const oneFile = () => split('net.onnx', () => 'net.onnx.data');

async function failureOf(files: readonly NamedFile[]): Promise<string> {
  try {
    await readNetwork(files);
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError);
    return (error as FailureError).message;
  }
  return 'read without a failure';
}

describe('ONNX weights in other files', () => {
  it('are read from one file, or from one per weight, wherever the folder is', async () => {
    const perWeight = split('net.onnx', (index) => `weights/w${index}`);
    const inFolder = oneFile().map(({ name, bytes }) => ({ name: `export/${name}`, bytes }));
    for (const files of [oneFile(), perWeight, inFolder]) {
      expect(fingerprintNetwork(await readNetwork(files))).toBe(expected);
    }
  });

  it('may follow to the end of their file', async () => {
    const toTheEnd = (entries: Entries) => entries.filter(({ key }) => key === 'location');
    const files = split('net.onnx', (index) => `w${index}.bin`, toTheEnd);
    expect(fingerprintNetwork(await readNetwork(files))).toBe(expected);
  });

  it('belong to the network when files are sorted', () => {
    const images = { name: 'test.bin', bytes: new Uint8Array(3073) };
    const sorted = sortFiles([images, ...oneFile()]);
    expect(sorted.network.map(({ name }) => name)).toEqual(['net.onnx', 'net.onnx.data']);
    expect(sorted.images).toEqual([images]);
  });

  it('are missed, or found too short, in one sentence', async () => {
    const [net, data] = oneFile();
    expect(await failureOf([net!])).toMatch(
      /^net\.onnx: initializer 0 \(".+"\): expected its weights in "net\.onnx\.data", found no such file; open it together with the network\.$/,
    );
    const short = { name: data!.name, bytes: data!.bytes.subarray(0, data!.bytes.length - 1) };
    expect(await failureOf([net!, short])).toMatch(
      /expected its weights up to byte [\d,]+ of net\.onnx\.data, found [\d,]+ bytes; copy that file again\.$/,
    );
  });

  it.each([
    ['../secret', 'leads out of its folder'],
    ['a/../../secret', 'leads out of its folder'],
    ['/etc/passwd', 'is an absolute path'],
    ['C:\\weights', 'is an absolute path'],
    ['file:///etc/passwd', 'is an absolute path'],
    ['', 'is empty'],
  ])('are refused in %j', async (location, reason) => {
    expect(await failureOf(split('net.onnx', () => location))).toContain(
      `expected its weights in a file beside the network, found "${location}", which ${reason}`,
    );
  });

  it('are refused with places that make no sense', async () => {
    const withOffset = (value: string) => (entries: Entries) =>
      entries.map((entry) => (entry.key === 'offset' ? { key: 'offset', value } : entry));
    for (const offset of ['-4', '1e3', '99999999999999999999', 'x'])
      expect(await failureOf(split('net.onnx', () => 'data', withOffset(offset)))).toContain(
        `its offset is "${offset}", expected a number of bytes`,
      );
    expect(await failureOf(split('net.onnx', () => 'data', withOffset('1000000000')))).toContain(
      'up to byte 1,000',
    );
    const nameless = (entries: Entries) => entries.filter(({ key }) => key !== 'location');
    expect(await failureOf(split('net.onnx', () => 'data', nameless))).toContain('is not named');
  });

  it('must be as many as their shape says', async () => {
    const shorter = (entries: Entries) =>
      entries.map((entry) => (entry.key === 'length' ? { key: 'length', value: '4' } : entry));
    expect(await failureOf(split('net.onnx', () => 'data', shorter))).toMatch(/values expected .*, 1 found/);
  });
});
