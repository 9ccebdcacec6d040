import { expect, it } from 'vitest';
import { readNetwork } from '../index';
import { chainOf, randomDense, seededNumbers } from '../../../network/testing/builders';
import { writeNetwork } from '../index';

it.each([2 ** 31 - 1, 2 ** 32, 1e15, 20_000])(
  'an input that claims output %d is refused by that number, not by filling a list of as many',
  async (tensor) => {
    const network = chainOf([4], [randomDense(seededNumbers(1), 4, 3)]);
    const files = await writeNetwork(network, 'tfjs');
    const changed = files.map((file) => {
      if (!file.name.endsWith('.json')) return file;
      const text = new TextDecoder().decode(file.bytes);
      const pattern = /("input_layers":\[\["[^"]+",0,)0/;
      expect(text).toMatch(pattern);
      return { ...file, bytes: new TextEncoder().encode(text.replace(pattern, `$1${tensor}`)) };
    });
    await expect(readNetwork(changed, {})).rejects.toMatchObject({
      code: 'unreadable-file',
      message: expect.stringMatching(/expected at most 20,000 outputs of layer ".+", found more/) as string,
    });
  },
);
