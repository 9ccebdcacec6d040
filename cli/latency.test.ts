import { expect, it } from 'vitest';
import { encHere } from './testing';

interface Spread {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

interface Printed {
  readonly achieved: number;
  readonly runtime: string;
  readonly threads: number;
  readonly batches: readonly {
    readonly batchSize: number;
    readonly original: Spread;
    readonly plan: Spread;
    readonly speedUp: Spread;
  }[];
}

const plan = ['latency', 'sample:vgg', '--target', '0.1', '--method', 'uniform', '--rounds', '5'];

it.each([
  ['own', /^WebAssembly$/],
  ['ort', /^ONNX Runtime \d/],
])('times a plan beside the original: --runtime %s', async (runtime, name) => {
  const options = ['--runtime', runtime, '--batch', '4,auto', '--backend', 'wasm'];
  const printed = await encHere<Printed>(...plan, ...options);
  expect(printed.runtime).toMatch(name);
  expect(printed.threads).toBe(1);
  expect(Math.abs(printed.achieved - 0.1)).toBeLessThan(0.005);
  const [four, auto, ...more] = printed.batches;
  expect(more).toEqual([]);
  expect(four!.batchSize).toBe(4);
  expect(auto!.batchSize).toBeGreaterThanOrEqual(8);
  for (const { original, plan: cut, speedUp } of printed.batches) {
    // Who is faster depends on what else the machine does.
    expect(speedUp.median).toBeGreaterThan(0);
    expect(speedUp.lowerQuartile).toBeLessThanOrEqual(speedUp.upperQuartile);
    expect(cut.median).toBeGreaterThan(0);
    expect(original.lowerQuartile).toBeLessThanOrEqual(original.median);
    expect(original.median).toBeLessThanOrEqual(original.upperQuartile);
  }
});

it.each([
  [['--runtime', 'fast'], '--runtime: expected own or ort, found "fast"; choose one of these.'],
  [
    ['--batch', '1,many'],
    '--batch: expected a number from 1 to 9007199254740991, found "many"; give one in that range.',
  ],
  [['--rounds', '1.5'], '--rounds: expected a whole number, found "1.5"; give one without a fraction.'],
])('refuses %j', async (options, sentence) => {
  await expect(encHere(...plan, ...options)).rejects.toThrow(sentence);
});
