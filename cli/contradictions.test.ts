import { describe, expect, it } from 'vitest';
import { rules } from './contradictions';
import { createProgram } from './program';
import { encHere } from './testing';

const out = ['--out', 'small.onnx'];
const compress = ['compress', 'missing.onnx', ...out];
const plan = ['plan', 'missing.onnx', '--target', '0.5'];
const figure = ['figure', 'missing.onnx', '--data', 'missing.bin'];
const curves = ['curves', 'missing.onnx', '--data', 'missing.bin'];

describe('options that would be passed over are refused before any work', () => {
  it.each<[string[], string]>([
    ...[
      ['--target', '0.5'],
      ['--budget', 'parameters=0.5'],
      ['--curves', 'curves.json'],
      ['--method', 'map'],
      ['--keep', 'a'],
      ['--rank', 'a=3'],
      ['--multiple', '8'],
    ].map((more): [string[], string] => [
      [...compress, '--ranks', 'ranks.json', ...more],
      `--ranks: expected it instead of ${more[0]}, found both; leave one of them out.`,
    ]),
    [
      ['latency', 'missing.onnx', '--ranks', 'ranks.json', '--target', '0.5'],
      '--ranks: expected it instead of --target, found both; leave one of them out.',
    ],
    [
      ['plan', '--tables', 'folder', '--target', '0.5', '--mean', '128'],
      '--tables: expected it instead of --mean, found both; leave one of them out.',
    ],
    [
      [...plan, '--candidates', '5'],
      '--candidates: expected it beside --method inf, found it without; leave it out, or give that, too.',
    ],
    [
      [...plan, '--method', 'map', '--search', 'all'],
      '--search: expected it beside --method model or inf, found it without; leave it out, or give that, too.',
    ],
    [
      [...figure, '--methods', 'uniform,map', '--delta-s', '0.2'],
      '--delta-s: expected it beside --method model or inf',
    ],
    [[...plan, '--top', '3'], '--top: expected it beside --method model, found it without'],
    [
      [...compress, '--target', '0.5', '--calibration', 'images.zip'],
      '--calibration: expected it beside --repair, --distil, --weights, --activations or --ranks, found it without',
    ],
    [
      [...compress, '--target', '0.5', '--images', '10'],
      '--images: expected it beside --data, found it without',
    ],
    [[...curves, '--exhaustive'], '--exhaustive: expected it beside --metric measured or divergence'],
    [[...curves, '--minutes', '2'], '--minutes: expected it beside --metric measured or divergence'],
    [
      [...curves, '--metric', 'divergence', '--target', '0.3'],
      '--target: expected it beside --minutes, found it without',
    ],
    [
      [...curves, '--metric', 'divergence', '--calibration-images', '10'],
      '--calibration-images: expected it beside --repair, found it without',
    ],
    [
      [...plan, '--include', 'a', 'b', '--keep', 'b'],
      '--keep: expected other layers than --include names, found "b" in both; leave it out of one of them.',
    ],
    [
      [...plan, '--rank', 'a=b=3', '--bound', 'a=b=2..4'],
      '--bound: expected other layers than --rank names, found "a=b"',
    ],
  ])('%j', async (args, sentence) => {
    await expect(encHere(...args)).rejects.toThrow(sentence);
  });

  it.each<[string[]]>([
    [[...plan, '--method', 'inf', '--candidates', '5', '--selection', 'missing.bin']],
    [[...figure, '--methods', 'map,model', '--search', 'box']],
    [[...compress, '--target', '0.5', '--weights', 'int8', '--calibration', 'missing.bin']],
  ])('those that count are not: %j', async (args) => {
    await expect(encHere(...args)).rejects.toThrow(/missing\.(onnx|bin)/);
  });

  it('are options that there are', () => {
    for (const { commands, options } of rules)
      for (const name of commands) {
        const command = createProgram().commands.find((one) => one.name() === name);
        const known = command?.options.map((option) => option.attributeName());
        expect(known).toEqual(expect.arrayContaining([...options]));
      }
  });
});
