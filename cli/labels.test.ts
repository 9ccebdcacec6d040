import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import { encHere, encJson, runEnc } from './testing';
import { drawn, encoded, plainPictures } from './testPictures';

const folder = mkdtempSync(join(tmpdir(), 'enc-labels-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Evaluated {
  readonly top1: number;
  readonly images: number;
  readonly assumptions: readonly {
    readonly id: string;
    readonly value: string;
    readonly because: string;
    readonly alternatives: readonly string[];
  }[];
}

const caseOf = (path: string) => referencePath(`cases/${path}`) ?? '';
const assumed = ({ assumptions }: Evaluated, id: string) => assumptions.find((own) => own.id === id)!;

describe.skipIf(caseOf('csv-one-hot') === '')(
  'labels as people have them (skipped without ../shared/reference)',
  () => {
    it.for([
      ['csv-one-hot/lev2.onnx', 'csv-one-hot/pictures', 6, 'labels', 'one-hot, of _classes.csv'],
      ['csv-paths/rgb.onnx', 'csv-paths/absolute', 3, 'labels', 'label, of labels.csv'],
      ['csv-paths/rgb.onnx', 'csv-paths/dotslash', 3, 'labels', 'label, of labels.csv'],
      ['csv-paths/rgb.onnx', 'csv-paths/backslash', 3, 'labels', 'label, of labels.csv'],
      ['csv-paths/rgb.onnx', 'csv-paths/upper', 3, 'labels', 'label, of labels.csv'],
      [
        'numbered-folders/lev12.onnx',
        'numbered-folders/keras-order',
        12,
        'classes',
        'sorted as text: 0, 1, 10, 11, … (12 classes)',
      ],
      [
        'numbered-folders/lev10.onnx',
        'numbered-folders/from-one',
        9,
        'classes',
        'numbers from 1: 1, 2, 3, 4, … (10 classes)',
      ],
      [
        'numbered-folders/lev10.onnx',
        'numbered-folders/one-to-ten',
        10,
        'classes',
        'numbers from 1: 1, 2, 3, 4, … (10 classes)',
      ],
      [
        'teachable-machine-labels/rgb.onnx',
        'teachable-machine-labels/pictures',
        3,
        'classes',
        'by name: blue, green, red (3 classes)',
      ],
    ] as const)(
      '%s on %s is right on every image, and says why',
      async ([model, data, images, id, value]) => {
        const answer = await encHere<Evaluated>('evaluate', caseOf(model), '--data', caseOf(data));
        expect(answer).toMatchObject({ top1: 1, images });
        expect(assumed(answer, id).value).toBe(value);
      },
    );

    const numbered = [
      caseOf('numbered-folders/lev12.onnx'),
      '--data',
      caseOf('numbered-folders/keras-order'),
    ];

    it('are in the order that somebody asks for', async () => {
      const answer = await encHere<Evaluated>('evaluate', ...numbered, '--class-order', 'numeric');
      expect(answer.top1).toBeCloseTo(2 / 12, 12);
      expect(assumed(answer, 'classes')).toMatchObject({
        because: 'it was chosen',
        alternatives: ['--class-order text', '--class-order auto'],
      });
    });

    it('are said in text, with what else could be', async () => {
      const { stdout } = await runEnc('evaluate', ...numbered);
      expect(stdout).toMatch(/^top-1 100\.0 %.*\n\nAssumed:\n/);
      expect(stdout).toContain(
        'sorted as text: 0, 1, 10, 11, … (12 classes) (12 of 12 images right; numbers from 0: 2); or --class-order numeric',
      );
    });

    it('are said by commands that print something else, too', async () => {
      const { stderr } = await runEnc('curves', ...numbered, '--metric', 'measured', '--json');
      expect(stderr).toContain('keras-order: Order of classes  sorted as text: 0, 1, 10, 11, …');
    });

    it('are found together with the preprocessing, and by enc work', async () => {
      const detected = await encHere<Evaluated>('evaluate', ...numbered, '--preprocess', 'detect');
      expect(detected.top1).toBe(1);
      const project = join(folder, 'project.json');
      const { measurements } = await encHere<{ measurements: { top1: number }[] }>(
        ...['work', ...numbered, '--jobs', 'detect,class-order,measure', '--project', project],
      );
      expect(measurements[0]).toMatchObject({ top1: 12 });
    });

    it('in an order that the images cannot decide stay as the files suggest, which is said', async () => {
      const few = join(folder, 'few');
      for (const { name, bytes } of await plainPictures('1/a.png', '2/a.png')) {
        mkdirSync(dirname(join(few, name)), { recursive: true });
        writeFileSync(join(few, name), bytes);
      }
      const answer = await encHere<Evaluated>(
        'evaluate',
        caseOf('numbered-folders/lev10.onnx'),
        '--data',
        few,
      );
      expect(assumed(answer, 'classes')).toMatchObject({
        value: 'numbers from 0, 10 classes',
        because: expect.stringMatching(
          /^it could not be decided: \d of 2 images right; numbers from 1: \d$/,
        ) as string,
        alternatives: ['--class-order from-one'],
      });
    });

    it('are refused where they cannot be read as asked', async () => {
      const paths = [caseOf('csv-paths/rgb.onnx'), '--data', caseOf('csv-paths/upper')];
      const refusal = async (...args: string[]) => (await runEnc('evaluate', ...args)).stderr.trim();
      expect(await refusal(...paths, '--label-column', 'colour')).toBe(
        '--label-column: expected a column of labels.csv that could hold the class (label), found "colour"; choose another or leave the option out.',
      );
      expect(await refusal(...numbered, '--label-column', 'x')).toBe(
        '--label-column: expected a table beside the images that says their classes, found none; choose another or leave the option out.',
      );
      expect(await refusal(...numbered, '--class-order', 'from-one')).toBe(
        '--class-order: expected an order that fits these labels (numeric, text), found "from-one"; choose one of these.',
      );
      expect(await refusal(...numbered, '--class-order', 'best')).toMatch(
        /^--class-order: expected auto, mapping, numeric, from-one, file, text, natural, caseless, found "best"/,
      );
    });
  },
);

it('takes the column that somebody names of a table with several', async () => {
  const set = join(folder, 'columns');
  mkdirSync(set, { recursive: true });
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
  const grey = await encoded(
    'png',
    drawn(32, 32, () => [90, 90, 90]),
  );
  for (const letter of letters) writeFileSync(join(set, `${letter}.png`), grey);
  const rows = letters.map((letter, index) => `${letter}.png,${index},${25 - index},${100 + (index % 9)}`);
  writeFileSync(join(set, 't.csv'), ['image,label,other,size', ...rows].join('\n'));
  const own = await encJson<Evaluated>('evaluate', 'sample:vgg', '--data', set);
  expect(assumed(own, 'labels')).toMatchObject({
    value: 'label, of t.csv',
    because: 'its heading says so, and it has 26 values, as many as there are classes',
  });
  expect(assumed(own, 'labels').alternatives).toContain('--label-column other');
  const other = await encHere<Evaluated>('evaluate', 'sample:vgg', '--data', set, '--label-column', 'Other');
  expect(assumed(other, 'labels')).toMatchObject({ value: 'other, of t.csv', because: 'it was chosen' });
  // Every picture is the same, so one of the 26 labels is right by either column.
  expect([own.top1, other.top1]).toEqual([1 / 26, 1 / 26]);
  await expect(encHere('evaluate', 'sample:vgg', '--data', set, '--label-column', 'size')).rejects.toThrow(
    /^--label-column size: .*expected .*, found .*;/,
  );
});
