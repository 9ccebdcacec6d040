import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encHere } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-requests-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const tables = {
  'Net_def.txt': '1 4 0 0 0 0 40 400\n2 4 0 0 0 0 20 200\n',
  'R_list.txt': '1 1\n2 2\n4 4\n',
  'A_norm.txt': '0.2 0.1\n0.6 0.5\n1 1\n',
  'eigenvalue.conf': JSON.stringify({ layer: { a: 0, b: 1 }, eigen: { a: [4, 3, 2, 1], b: [9, 1, 1, 1] } }),
};
beforeAll(() => {
  for (const [name, text] of Object.entries(tables)) writeFileSync(at(name), text);
  writeFileSync(at('ghost.json'), JSON.stringify({ ghost: 3 }));
});

const residual = 'sample:residual';
const data = ['--data', residual];
const cut = ['--target', '0.5', '--out', at('small.onnx')];
const repair = ['--repair', '--images', '20', '--calibration-images'];
const metric = ['--metric', 'divergence'];

it.each<[string[], RegExp]>([
  [
    ['compress', residual, '--out', at('small.onnx')],
    /^Expected --target, --budget or --ranks, found none; give one of them\.$/,
  ],
  [['compress', residual, ...cut, ...metric], /^--metric divergence: expected --curves, or --selection with/],
  [['compress', residual, ...cut, '--repair'], /^--repair: expected --calibration or --data, found neither/],
  [
    ['compress', residual, ...cut, ...data, ...repair, '20'],
    /^--calibration-images: expected fewer than the 20 images of --data, found 20; give fewer, or more images\.$/,
  ],
  [['compress', residual, ...cut, '--distil'], /^--distil: expected --calibration or --data, found neither/],
  [
    [
      'compress',
      residual,
      ...cut,
      ...data,
      '--images',
      '20',
      '--calibration-images',
      '8',
      '--distil',
      '--epochs',
      '5000',
    ],
    /^recipe [0-9a-f]+: expected settings of distillation within their bounds, found .*"epochs":5000.*; choose them anew\.$/,
  ],
  [
    ['compress', residual, ...cut, ...data, '--distil', '--optimiser', 'adamw'],
    /^--optimiser: expected adam, sgd, muon, found "adamw"; choose one of these\.$/,
  ],
  [
    ['compress', residual, '--out', at('small.onnx'), '--ranks', at('none.json')],
    /expected a JSON file, found none; check/,
  ],
  [
    ['compress', residual, ...cut, '--keep', 'conv99'],
    /^conv99: expected a layer of the network, found none of/,
  ],
  [
    ['compress', residual, ...cut, '--curves', at('none.json')],
    /expected a file of curves, found none; write one by enc curves/,
  ],
  [
    ['compress', residual, '--out', at('small.onnx'), '--ranks', at('ghost.json')],
    /^ghost: expected a convolution or dense layer of the network, found none of this name; see enc inspect\.$/,
  ],
  [
    ['evaluate', residual],
    /^enc evaluate: expected --data with images, found none; name files, a folder or a zip\.$/,
  ],
  [
    ['evaluate', residual, ...data, '--mean', '1,2'],
    /^--mean: expected one number or 3, separated by commas, found "1,2"; write 123\.7/,
  ],
  [
    ['curves', residual, ...metric],
    /^--metric divergence: expected --data with images, found none; name files/,
  ],
  [
    ['curves', residual, ...metric, ...data, '--images', '9999999', '--repair'],
    /: expected \d+ images, \d+ of them .*, found \d+; give more images, or ask for fewer\.$/,
  ],
  [
    ['plan', residual, '--target', '0.5', ...metric],
    /^--metric divergence: expected --curves, found none; give a file that enc curves --out wrote\.$/,
  ],
  [
    ['plan', '--target', '0.5'],
    /^enc plan: expected a network or --tables, found neither; name one of them\.$/,
  ],
  [
    ['plan', '--tables', folder, '--target', '0.5', '--method', 'inf'],
    /^--method inf: expected a network to run, found tables; name the network's file instead of --tables\.$/,
  ],
  [
    ['plan', '--tables', folder, '--target', '0.001', '--method', 'model'],
    /^--target: expected a share that some ranks cost, found 0\.001 of the MACs, which is less than the least ranks/,
  ],
  [
    ['plan', residual, '--target', '0.5', '--method', 'model', '--search', 'all', '--delta-s', '0.2'],
    /^--delta-s: expected --search box beside it, found all; give both or neither\.$/,
  ],
  [
    ['race', residual, '--selection', residual, '--target', '0.5', '--method', 'map', '--out', at('race')],
    /^--method map: expected a method that races plans on images, found one that does not; choose inf/,
  ],
  [
    ['sweep', residual, ...data],
    /^enc sweep: expected --out with a folder for results, found none; name one\.$/,
  ],
  [
    ['inspect', 'sample:nothing'],
    /^sample:nothing: expected one of sample:vgg, .*, found no such sample; choose one of these\.$/,
  ],
  [
    ['evaluate', residual, ...data, '--backend', 'cuda'],
    /^--backend: expected .*, found "cuda"; choose one of these\.$/,
  ],
  [
    ['evaluate', residual, ...data, '--channels', 'hsv'],
    /^--channels: expected rgb, bgr or grey, found "hsv"; choose one of these\.$/,
  ],
  [
    ['evaluate', residual, ...data, '--preprocess', 'nothing'],
    /^--preprocess: expected one of .*, found "nothing"; choose one of these\.$/,
  ],
  [
    ['evaluate', residual, ...data, '--images', '1.5'],
    /^--images: expected a whole number, found "1\.5"; give one without a fraction\.$/,
  ],
  [
    ['plan', residual, '--target', '0.5', '--method', 'model', '--search', 'some'],
    /^--search: expected all or box, found "some"; choose one of these\.$/,
  ],
  [
    ['plan', residual, '--target', '0.5', '--method', 'inf'],
    /^--method inf: expected --selection with images to race plans on, found none; name files, a folder or a zip\.$/,
  ],
  [
    ['figure', residual, ...data, '--targets', '0.5:0.2:x', '--out', at('figure.json')],
    /^--targets: expected first:last:step or shares with commas, found "0\.5:0\.2:x"; write 0\.2:0\.9:0\.1/,
  ],
  [
    ['sweep', residual, ...data, '--out', at('sweep'), '--shard', 'third'],
    /^--shard: expected i\/n, such as 3\/16, found "third"; write the shard and how many there are\.$/,
  ],
  [
    ['sweep', residual, ...data, '--out', at('sweep'), '--shard', '5/4'],
    /expected a shard from 1 to 4, found 5; count shards from 1\.$/,
  ],
  [
    ['sweep', residual, ...data, '--out', at('sweep'), '--shards', '4'],
    /^--shards 4: expected --shard i\/4, or a scheduler that sets .*, found neither; give --shard\.$/,
  ],
  [['merge', at('nowhere')], /expected a folder of results, found none; give the one that --out named\.$/],
])('enc %j is refused with what to do', async (args, sentence) => {
  await expect(encHere(...args)).rejects.toThrow(sentence);
});

it('curves of energy alone cannot drive plans by what is measured', async () => {
  const path = at('energy.json');
  await encHere('curves', residual, '--out', path);
  await expect(encHere('plan', residual, '--target', '0.5', ...metric, '--curves', path)).rejects.toThrow(
    /energy\.json: expected measured points, found none that fit; measure them by enc curves --metric\.$/,
  );
});
