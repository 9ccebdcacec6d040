import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import type { PrintedCurves } from '../src/project/curvesFile';
import { encJson, runEnc } from './testing';
import { isToday } from '../scripts/ofToday';

const folder = mkdtempSync(join(tmpdir(), 'enc-curves-'));
afterAll(() => rmSync(folder, { recursive: true }));

const model = referencePath('models/mnist_vgg.onnx');
const images = referencePath('mnist/test3000-images-idx3-ubyte.gz');
const labels = referencePath('mnist/test3000-labels-idx1-ubyte.gz');
const hasReference = model !== null && images !== null && labels !== null;

interface Planned {
  readonly metric: string;
  readonly achieved: number;
  readonly layers: readonly { readonly name: string; readonly rank: number | null }[];
}

describe.skipIf(!hasReference)('enc curves on images (skipped without ../shared/reference)', () => {
  const out = join(folder, 'curves.json');
  let printed: PrintedCurves;
  beforeAll(async () => {
    const data = ['--data', images!, labels!, '--images', '40', '--ranks', '6'];
    printed = await encJson<PrintedCurves>('curves', model!, '--metric', 'divergence', ...data, '--out', out);
  });

  it('prints raw points with intervals and a curve through them at every rank', () => {
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(printed);
    expect([printed.metric, printed.images?.count]).toEqual(['divergence', 40]);
    expect(printed.layers.length).toBeGreaterThanOrEqual(4);
    for (const { rankMax, ranks, values, points } of printed.layers) {
      expect([ranks.length, values.length]).toEqual([rankMax, rankMax]);
      expect([points[0]!.rank, points.at(-1)!.rank]).toEqual([1, rankMax]);
      expect(points.length).toBeLessThanOrEqual(6);
      for (const { accuracy, interval, correct, images: count, divergence } of points) {
        expect(accuracy).toBe(correct / count);
        expect(interval.low).toBeLessThanOrEqual(accuracy);
        expect(interval.high).toBeGreaterThanOrEqual(accuracy);
        expect(divergence).toBeGreaterThan(0);
      }
      values.forEach((value, index) => expect(value).toBeGreaterThanOrEqual(values[index - 1] ?? 0));
    }
  });

  it.runIf(isToday(0, 3))('re-fits every layer before it is measured where asked to', async () => {
    const data = ['--data', images!, labels!, '--images', '40', '--ranks', '3', '--exhaustive'];
    const repair = ['--repair', '--calibration-images', '100'];
    const args = ['curves', model!, '--metric', 'divergence', ...data];
    const truncated = await encJson<PrintedCurves>(...args);
    const repaired = await encJson<PrintedCurves>(...args, ...repair);
    expect([truncated.isRepaired, repaired.isRepaired]).toEqual([false, true]);
    // Divergences of truncated layers are softened, so that answers are what can be compared.
    const rightAtRank1 = ({ layers }: PrintedCurves) =>
      layers.reduce((total, { points }) => total + points[0]!.correct, 0);
    const all = truncated.layers.reduce((total, { points }) => total + points[0]!.images, 0);
    expect(rightAtRank1(repaired) - rightAtRank1(truncated)).toBeGreaterThan(0.05 * all);
  });

  it.runIf(isToday(1, 3))('plans from them, by their metric or the other one they hold', async () => {
    const target = ['--target', '0.4', '--curves', out];
    const byDivergence = await encJson<Planned>('plan', model!, ...target);
    const byAccuracy = await encJson<Planned>('plan', model!, ...target, '--metric', 'measured');
    const byEnergy = await encJson<Planned>('plan', model!, '--target', '0.4');
    expect([byDivergence.metric, byAccuracy.metric, byEnergy.metric]).toEqual([
      'divergence',
      'measured',
      'energy',
    ]);
    expect(byDivergence.layers).not.toEqual(byEnergy.layers);
    for (const { achieved } of [byDivergence, byAccuracy])
      expect(Math.abs(achieved - 0.4)).toBeLessThan(0.02);
  });

  it('measures every rank it was asked for on every image when exhaustive', async () => {
    const data = ['--data', images!, labels!, '--images', '8', '--ranks', '3', '--exhaustive'];
    const { layers } = await encJson<PrintedCurves>('curves', model!, '--metric', 'measured', ...data);
    for (const { points } of layers) expect(points.map((point) => point.images)).toEqual([8, 8, 8]);
  });

  it('measures every layer though the time is short, and says how long it took', async () => {
    const data = ['--data', images!, labels!, '--images', '40', '--minutes', '0.05', '--target', '0.3'];
    const args = ['curves', model!, '--metric', 'divergence', ...data, '--json'];
    const { status, stdout, stderr } = await runEnc(...args);
    expect(status).toBe(0);
    const { layers } = JSON.parse(stdout) as PrintedCurves;
    for (const { rankMax, points } of layers)
      expect([points[0]!.rank, points.at(-1)!.rank]).toEqual([1, rankMax]);
    expect(stderr).toMatch(/The curves took \d+\ss, of 3\ss that were given/);
  });

  const notCurves = join(folder, 'not-curves.json');
  const foreign = join(folder, 'foreign.json');
  it.each<[string, string[], RegExp]>([
    [
      'a file of something else',
      ['plan', '--curves', notCurves],
      /not-curves\.json: expected curves as enc curves/,
    ],
    [
      'curves of another network',
      ['plan', '--curves', foreign],
      /foreign\.json: expected curves of this network, found those of another/,
    ],
    ['a metric without curves', ['plan', '--metric', 'divergence'], /--metric divergence: expected --curves/],
    ['a metric without images', ['curves', '--metric', 'measured'], /--metric measured: expected --data/],
  ])('answers %s with one sentence and a status', async (_, [name, ...options], sentence) => {
    writeFileSync(notCurves, '{"layers": 7}');
    writeFileSync(foreign, JSON.stringify({ ...printed, fingerprint: 'another' }));
    const target = name === 'plan' ? ['--target', '0.5'] : [];
    const { status, stdout, stderr } = await runEnc(name!, model!, ...options, ...target, '--json');
    expect(status).not.toBe(0);
    expect(stderr).toMatch(sentence);
    expect((JSON.parse(stdout) as { error: { message: string } }).error.message).toMatch(sentence);
  });
});
