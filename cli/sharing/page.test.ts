import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeasuredPiece } from '../../src/enc/sweep/pieces';
import { nextTasks } from '../../src/enc/sweep/schedule';
import { PieceSet } from '../../src/enc/sweep/pieces';
import { unwrap } from '../../src/network/failure';
import type { PrintedCurves } from '../../src/project/curvesFile';
import { imageParts, selectionOf } from '../../src/project/images';
import { presentPoints } from '../../src/project/points';
import { resultsFolder } from '../../src/project/sharing/exporting';
import { readPoints, withOpenedPoints } from '../../src/project/sharing/opening';
import { initialProject, type ProjectState } from '../../src/project/state';
import { sweepSettingsOf, sweepTask } from '../../src/project/sweeps';
import { withImages, withNetwork, withPreprocessing, withSettings } from '../../src/project/transitions';
import { factoriseKind } from '../../workers/protocol/factorise';
import { sweepTasksKind } from '../../workers/protocol/sweep';
import { readFiles } from '../inputs';
import { samplePreprocessing } from '../samples';
import { parsePreprocessing } from '../preprocessing';
import { root } from '../root';
import { encHere } from '../testing';
import { createNodeStudio } from '../threads';
import { isToday } from '../../scripts/ofToday';

const folder = mkdtempSync(join(tmpdir(), 'enc-page-'));
const at = (name: string) => join(folder, name);
const never = new AbortController().signal;
const ignore = () => undefined;
const model = 'sample:residual';
const filesOf = (name: string) =>
  readdirSync(at(name))
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ name: file, text: readFileSync(join(at(name), file), 'utf8') }));

describe('a sweep that was begun in the page', () => {
  const studio = createNodeStudio({ threads: 1 });
  let state: ProjectState;
  const begun: MeasuredPiece[] = [];
  afterAll(() => {
    studio.close();
    rmSync(folder, { recursive: true });
  });

  beforeAll(async () => {
    const backend = unwrap(await studio.start('wasm'));
    const network = unwrap(await studio.openNetwork(never, await readFiles([model], 'network')));
    const images = unwrap(
      await studio.openImages(never, await readFiles([model], 'validation'), network.fingerprint),
    );
    const preprocessing = parsePreprocessing(await samplePreprocessing(), network.input.shape, null);
    const opened = withImages(withNetwork({ ...initialProject, backend }, 'residual', network), images);
    const split = { calibration: 20, selection: 70 };
    state = withPreprocessing(withSettings(opened, { metric: 'divergence', split, seed: 3 }), preprocessing);
    // As much as a person waited for.
    const task = sweepTask(state)!;
    const selection = selectionOf(imageParts(state)!.selection);
    const tasks = nextTasks(
      task.layers,
      new PieceSet(),
      sweepSettingsOf(task, selection.indices.length),
    ).slice(0, 2);
    const layers = tasks.map(({ layer }) => ({ layer: layer.name, factorisation: layer.factorisation }));
    unwrap(await studio.run(never, factoriseKind, { network: network.fingerprint, layers }, ignore));
    const request = { network: network.fingerprint, selection, refit: null, tasks };
    unwrap(await studio.run(never, sweepTasksKind, request, ignore, (piece) => begun.push(piece)));
    expect(begun.length).toBeGreaterThan(2);
    mkdirSync(at('results'));
    const files = await resultsFolder(state, () => Promise.resolve(begun));
    for (const { name, text } of files) writeFileSync(join(at('results'), name), text);
  });

  it.runIf(isToday(1, 3))(
    'is finished by the command line, and comes back as the points of the present images',
    async () => {
      const { found, done } = await encHere<{ found: number; done: number }>(
        ...['sweep', model, '--data', model, '--continue', '--out', at('results')],
      );
      expect(found).toBe(begun.length);
      expect(done).toBeGreaterThan(0);
      const merged = await encHere<PrintedCurves>('merge', at('results'), '--out', at('curves.json'));
      const back = withOpenedPoints(state, readPoints(filesOf('results'))!);
      expect(back.curvesFrom).toBeNull();
      const known = (points: readonly { layer: string; rank: number; images: number; correct: number }[]) =>
        points.map(({ layer, rank, images, correct }) => `${layer} ${rank} ${images} ${correct}`).sort();
      expect(known(presentPoints(back))).toEqual(known(merged.layers.flatMap(({ points }) => points)));
      // The file says the same as the folder.
      const file = { name: 'curves.json', text: readFileSync(at('curves.json'), 'utf8') };
      expect(presentPoints(withOpenedPoints(state, readPoints([file])!))).toEqual(presentPoints(back));
    },
  );

  it('of other images draws the curves through its own points, and of another network is refused', () => {
    const opened = readPoints(filesOf('results'))!;
    const other = withSettings(state, { seed: 4 });
    const drawn = withOpenedPoints(other, opened);
    expect(drawn.curvesFrom).toBe(opened.pointsKey);
    expect(presentPoints(drawn).length).toBeGreaterThan(0);
    expect(() => withOpenedPoints(state, { ...opened, network: 'another' })).toThrow(
      /expected curves of the open network, found those of another \(fingerprint another\)/,
    );
    expect(() => withOpenedPoints(initialProject, opened)).toThrow(/open the network first/);
  });

  it('is not taken for something else', () => {
    expect(readPoints([{ name: 'labels.json', text: '{"cat": 0}' }])).toBeNull();
    const [first, ...rest] = filesOf('results');
    const cut = { name: first!.name, text: first!.text.slice(0, 80) };
    const statement = rest.find(({ name }) => name.startsWith('sweep-')) ?? first!;
    // A unit that was cut short is one that nobody has done.
    if (first !== statement) expect(readPoints([cut, statement])!.pieces).toEqual([]);
    const energy = { name: 'energy.json', text: '{"fingerprint":"x","metric":"energy","layers":[]}' };
    expect(() => readPoints([energy])).toThrow(/expected measured points, found curves by energy alone/);
  });

  it('is not gone on with for other images', async () => {
    await expect(
      encHere('sweep', 'sample:vgg', '--data', 'sample:vgg', '--continue', '--out', at('results')),
    ).rejects.toThrow(/expected a sweep of this network, found one of residual/);
    writeFileSync(at('classes.txt'), [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].join('\n'));
    const others = ['--data', join(root, 'public/samples/calibration.bin.gz'), at('classes.txt')];
    await expect(encHere('sweep', model, ...others, '--continue', '--out', at('results'))).rejects.toThrow(
      /expected a sweep on these images, found one on others \(fingerprint [0-9a-f]+\); give those /,
    );
  });
});
