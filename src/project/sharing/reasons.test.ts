import { describe, expect, it } from 'vitest';
import { arithmeticVersion } from '../../enc/sweep/arithmetic';
import type { MeasuredPiece } from '../../enc/sweep/pieces';
import { readCurves } from '../curvesFile';
import { initialProject } from '../state';
import { sweepTask } from '../sweeps';
import { images, ready } from '../testing/states';
import { withImages } from '../transitions';
import { resultsFolder, statementOf } from './exporting';
import { readPoints, type TextFile } from './opening';
import { pointUnit, unitOfPiece } from './pointUnit';
import { statementFileName, statementText } from './statement';
import { sweepStatement } from './sweepStatement';
import { unitFileName, unitText } from './units';

const labels = Int32Array.from({ length: 400 }, (_, index) => index % 2);
const state = withImages(ready(), { ...images, count: 400, labels });
const task = sweepTask(state)!;
const statement = statementOf(state, task, 'divergence', null);
const piece: MeasuredPiece = {
  layer: 'a',
  factorisation: 'spatial',
  rank: 2,
  from: 0,
  images: 8,
  basis: 'labels',
  correct: 4,
  correctUncut: 6,
  divergence: 0.5,
  divergenceDeviation: 0.1,
};

function fileOf(change: Partial<typeof statement> = {}): TextFile {
  const changed = { ...statement, ...change };
  return {
    name: statementFileName(sweepStatement, changed),
    text: statementText(sweepStatement, changed),
  };
}

function resultOf(key: string): TextFile {
  const unit = unitOfPiece(key, piece, 'wasm');
  return { name: unitFileName(pointUnit, unit.of, unit.item), text: unitText(pointUnit, unit) };
}

describe('results of a shared sweep', () => {
  it('are read where they belong together', () => {
    expect(readPoints([fileOf(), resultOf(task.pointsKey)])!.pieces).toEqual([piece]);
  });

  it('are refused where they are of two sweeps, or of other images', () => {
    const other = fileOf({ images: { ...statement.images, fingerprint: 'images-2' } });
    expect(() => readPoints([fileOf(), other])).toThrow(
      'Expected results of one sweep, found those of 2; open those of one, or let enc merge say how they differ.',
    );
    expect(() => readPoints([fileOf(), resultOf('others')])).toThrow(
      'Expected results for small on four, found some of another network, other images or other settings; take them out.',
    );
  });

  const advice = 'delete it and run the command again.';
  const { name, text } = fileOf();
  it.each([
    ['', `expected what enc sweep writes of its work, found something else at the file; ${advice}`],
    ['[]', `expected what enc sweep writes of its work, found something else at statement; ${advice}`],
    [
      text.replace('"metric":"divergence"', '"metric":"beauty"'),
      `expected what enc sweep writes of its work, found something else at about.metric; ${advice}`,
    ],
    [
      text.replace(`"arithmetic":${arithmeticVersion}`, '"arithmetic":0'),
      `expected results of version ${arithmeticVersion} of the arithmetic, found version 0; run the work again into another folder.`,
    ],
  ])('are refused where the statement is damaged (%#)', (damaged, sentence) => {
    expect(() => readPoints([{ name, text: damaged }])).toThrow(`${name}: ${sentence}`);
  });

  it('are not handed on without a network and images', async () => {
    await expect(resultsFolder(initialProject, () => Promise.resolve([]))).rejects.toThrow(
      'Expected a network and images to choose ranks on, found nothing to hand on; open them first.',
    );
  });
});

it.each([
  '',
  '{"fingerprint": "x", "metric": "energy"}',
  '{"fingerprint": "x", "metric": "beauty", "layers": []}',
  '{"fingerprint": "x", "metric": "energy", "layers": [{"points": [{"layer": "a"}]}]}',
])('curves are refused as %j', (text) => {
  expect(() => readCurves(text, 'curves.json')).toThrow(
    'curves.json: expected curves as enc curves --out writes them, found something else; write them again.',
  );
});
