import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { timeCost, type LayerTimes } from '../src/enc/timeTable';
import { writeNetwork } from '../src/formats/models';
import {
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../src/network/testing/builders';
import type { LayerDescription } from '../src/network/layers';
import { shortLayerName } from '../src/project/numbers';
import type { PrintedPlan } from './planning';
import { encHere } from './testing';
import { isToday } from '../scripts/ofToday';

const folder = mkdtempSync(join(tmpdir(), 'enc-budgets-'));
const heavy = join(folder, 'heavy.onnx');
/** Nearly all of its time is that of one layer, which is much faster at low ranks; the last but one is depthwise. */
const network = () => {
  const numbers = seededNumbers(5);
  const options = { kernel: square(3), padding: evenPadding(1) };
  return chainOf(
    [16, 16, 3],
    [
      randomConvolution(numbers, { ...options, inputs: 3, outputs: 64 }),
      randomConvolution(numbers, { ...options, inputs: 64, outputs: 96 }),
      randomConvolution(numbers, { ...options, inputs: 96, outputs: 96, groups: 96 }),
      { kind: 'globalPool', reduce: 'average', keepDimensions: false },
      randomDense(numbers, 96, 4),
    ],
  );
};
beforeAll(async () => writeFileSync(heavy, (await writeNetwork(network(), 'onnx'))[0]!.bytes));
afterAll(() => rmSync(folder, { recursive: true }));

const vgg = (...options: string[]) => encHere<PrintedPlan>('plan', 'sample:vgg', ...options);

describe('a budget on something else than MACs', () => {
  it.each(['uniform', 'map', 'model'])('is held by %s', async (method) => {
    const plan = await vgg('--budget', 'parameters=0.4', '--method', method);
    expect(plan).toMatchObject({ cost: 'parameters', target: 0.4, reached: true });
    expect(plan.parametersShare).toBe(plan.achieved);
    expect(plan.achieved).toBeLessThanOrEqual(0.4);
    expect(plan.achieved).toBeGreaterThan(0.39);
    expect(plan.shares.macs).not.toBe(plan.achieved);
  });

  it.runIf(isToday(1, 3))('may be on time, by what the layers take here', async () => {
    interface Printed {
      readonly cost: string;
      readonly layers: readonly LayerTimes[];
      readonly foretold: { readonly original: number; readonly plan: number };
      readonly batches: readonly unknown[];
    }
    const options = ['--budget', 'time=0.7', '--method', 'map', '--batch', '1', '--rounds', '3'];
    options.push('--factorisation', 'conv2d1=automatic');
    const { cost, layers, foretold, batches } = await encHere<Printed>('latency', heavy, ...options);
    expect(cost).toBe('time');
    expect(layers.length).toBeGreaterThan(0);
    for (const { ranks, times } of layers) expect(times).toHaveLength(ranks.length);
    // What a busy machine measures may leave no plan so fast; then the one layer that is cut, in one way or the other, is
    // as fast as it can be.
    const byTime = timeCost({ total: foretold.original, layers });
    const heaviest = layers.filter(({ layer }) => layer === 'conv2d1');
    expect(heaviest.map(({ factorisation }) => factorisation)).toEqual(['spatial', 'channel']);
    const fastest = heaviest.map(({ layer: name, factorisation, whole, ranks }) => {
      const times = Array.from({ length: ranks.at(-1)! }, (_, rank) =>
        byTime.atRank({ name, factorisation } as LayerDescription, rank + 1),
      );
      return foretold.original - Math.max(0, whole - Math.min(...times));
    });
    const most = Math.max(0.7 * foretold.original, ...fastest);
    expect(foretold.plan).toBeLessThanOrEqual(most * (1 + 1e-9));
    expect(batches).toHaveLength(1);
  });
});

describe('two budgets at once', () => {
  it.each(['uniform', 'map', 'model'])('are kept by %s, the tighter one closely', async (method) => {
    const plan = await vgg('--budget', 'macs=0.6', 'parameters=0.35', '--method', method);
    expect(plan).toMatchObject({ cost: 'macs', target: 0.6, reached: true });
    expect(plan.others).toEqual([{ cost: 'parameters', share: 0.35 }]);
    expect(plan.shares.macs).toBeLessThanOrEqual(0.6);
    expect(plan.shares.parameters).toBeLessThanOrEqual(0.35);
    expect(Math.max(plan.shares.macs! / 0.6, plan.shares.parameters! / 0.35)).toBeGreaterThan(0.99);
    if (method === 'model') expect(plan.gap).toBeLessThan(0.05);
    else expect(plan.gap).toBeUndefined();
  });
});

it('a budget that no plan meets says the smallest value there is, and which layers hold it up', async () => {
  const told: string[] = [];
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  try {
    const plan = await vgg('--target', '0.05', '--method', 'map', '--keep', 'stage3/conv1');
    expect(plan.reached).toBe(false);
    expect(told.join('').replaceAll('\u00a0', ' ')).toMatch(
      /The target cannot be reached: 5 % of MACs is asked for, [\d.]+ % of MACs is the least, held up by stage3\/conv1 \(kept whole: [\d.]+ %\), /,
    );
  } finally {
    stderr.mockRestore();
  }
});

describe('decisions about ranks', () => {
  it('are followed: multiples, a fixed rank, and bounds', async () => {
    const plan = await vgg(
      ...['--target', '0.5', '--method', 'model', '--multiple', '8', 'stage3/conv2=16', 'stage1/conv2=1'],
      ...['--rank', 'stage2/conv2=21', '--bound', 'stage4/conv1=40..56', 'stage3/conv1=..24'],
    );
    const rankOf = new Map(plan.layers.map(({ name, rank }) => [shortLayerName(name), rank]));
    expect(rankOf.get('stage2/conv2')).toBe(21);
    expect([40, 48, 56]).toContain(rankOf.get('stage4/conv1'));
    expect([8, 16, 24]).toContain(rankOf.get('stage3/conv1'));
    expect((rankOf.get('stage3/conv2') ?? 0) % 16).toBe(0);
    const own = ['stage2/conv2', 'stage1/conv2'];
    for (const [name, rank] of rankOf) if (!own.includes(name)) expect((rank ?? 0) % 8).toBe(0);
  });
});

describe('how convolutions are split', () => {
  it.runIf(isToday(2, 3))('is said layer by layer, or found: ranks, plans and files follow', async () => {
    const options = ['--target', '0.5', '--method', 'map', '--factorisation', 'stage2/conv2=channel'];
    const plan = await vgg(...options, 'stage3/conv2=automatic', 'stage3/conv1=spatial');
    const rankMax = new Map(plan.layers.map((layer) => [shortLayerName(layer.name), layer.rankMax]));
    // 9 · 64 · 64 MACs a position, and 9 · 64 + 64 of each rank.
    expect(rankMax.get('stage2/conv2')).toBe(57);
    expect(rankMax.get('stage3/conv1')).toBe(115);
    const out = join(folder, 'split.onnx');
    const written = await encHere<{ readonly recipe: string }>(
      'compress',
      'sample:vgg',
      ...options,
      '--out',
      out,
    );
    expect(written.recipe).toHaveLength(32);
    const { layers } = await encHere<{ readonly layers: readonly { readonly shape: string }[] }>(
      'inspect',
      out,
    );
    const shapes = layers.map(({ shape }) => shape);
    expect(shapes.filter((shape) => /^3×3, 64 → \d+$/.test(shape))).toHaveLength(1);
  });
});

describe('refusals', () => {
  it.each([
    [
      ['--budget', 'speed=0.5'],
      '--budget: expected a share of macs or parameters or bytes or time, found "speed=0.5"; write macs=0.5, for instance.',
    ],
    [
      ['--budget', 'macs=0.5', '--target', '0.5'],
      '--budget: expected it instead of --target, found both; leave --target out.',
    ],
    [
      ['--budget', 'macs=2'],
      '--budget macs: expected a number from 0 to 1, found "2"; give one in that range.',
    ],
    [[], 'enc plan: expected --target or --budget, found neither; give one of them.'],
    [
      ['--budget', 'macs=0.5', 'bytes=0.5', 'parameters=0.5'],
      '--budget: expected one or two, found 3; leave the others out.',
    ],
    [
      ['--budget', 'macs=0.5', 'macs=0.4'],
      '--budget: expected two different costs, found macs twice; leave one of them out.',
    ],
    [
      ['--target', '0.5', '--rank', 'conv'],
      '--rank: expected a layer and its rank, found "conv"; write conv3=24, for instance.',
    ],
    [
      ['--target', '0.5', '--bound', 'conv=9..3'],
      '--bound: expected a layer and the ranks between which it stays, found "conv=9..3"; write conv3=8..32, conv3=8.. or conv3=..32, for instance.',
    ],
    [
      ['--target', '0.5', '--factorisation', 'conv3=diagonal'],
      '--factorisation: expected a layer and spatial or channel or automatic, found "conv3=diagonal"; write conv3=channel, for instance.',
    ],
    [
      ['--target', '0.5', '--factorisation', 'dense1=channel'],
      '--factorisation dense1=channel: expected a convolution that can be split in several ways, found none of this name; see enc inspect.',
    ],
    [
      ['--target', '0.5', '--multiple', '3'],
      '--multiple: expected 1, 2, 4, 8, 16, for all layers or for one, found "3"; write 8 or conv3=8, for instance.',
    ],
    [
      ['--target', '0.5', '--multiple', 'conv=3'],
      '--multiple: expected 1, 2, 4, 8, 16, for all layers or for one, found "conv=3"; write 8 or conv3=8, for instance.',
    ],
    [
      ['--target', '0.5', '--multiple', '8', '4'],
      '--multiple: expected one number for all layers, found 2; leave the others out, or name layers, as in conv3=8.',
    ],
    [
      ['--target', '0.5', '--multiple', 'conv=8'],
      '--multiple conv=8: expected a layer of the network, found none of this name; see enc inspect.',
    ],
    [
      ['--target', '0.5', '--multiple', 'stage2/conv2=8', '--rank', 'stage2/conv2=16'],
      '--rank: expected other layers than --multiple names, found "stage2/conv2" in both; leave it out of one of them.',
    ],
    [
      ['--target', '0.5', '--rank', 'conv=3'],
      '--rank conv=3: expected a layer of the network, found none of this name; see enc inspect.',
    ],
    [
      ['--target', '0.5', '--rank', 'stage2/conv2=96'],
      '--rank stage2/conv2=96: expected ranks from 1 to 95, at which the layer is cheaper, found others; give ranks in that range.',
    ],
  ])('of %j', async (options, sentence) => {
    await expect(vgg(...options)).rejects.toThrow(sentence);
  });

  it('of a rank for a layer that cannot be cut', async () => {
    const asked = encHere('plan', heavy, '--target', '0.5', '--rank', 'conv2d2=1');
    await expect(asked).rejects.toThrow(
      '--rank conv2d2=1: expected a layer that can be cut, found one that cannot; see enc inspect.',
    );
  });

  it('of another budget than on MACs with the authors’ tables', async () => {
    const asked = encHere('plan', '--tables', folder, '--budget', 'parameters=0.5');
    await expect(asked).rejects.toThrow(
      '--budget: expected one on MACs with --tables, which say nothing else, found parameters; give --target.',
    );
  });
});
