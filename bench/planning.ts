/**
 * Milliseconds that Uniform, ENC-Map and ENC-Model together take per target in headless Chromium, for ResNet-56
 * the authors' VGG-16 tables and, under two budgets, AlexNet, after what does not depend on the target is built. Prints a table and writes
 * `bench/results/planning.json`. Run: npx tsx bench/planning.ts [curves.json]
 *
 * With a file that `enc curves --out` wrote for ResNet-56, its curves are timed too.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeCurves } from '../cli/curvesFile';
import { Workspace } from '../cli/workspace';
import { referencePath } from '../scripts/reference';
import type { Curve } from '../src/enc/curve';
import type { TableFiles } from '../src/enc/tables';
import { alexNetFile, readAlexNet } from './planning/alexNet';
import { median, quantile, withStudio, writeResult } from './harness';
import type { NetworkCase, PlanningBenchmark, PlanningCase } from './planning/page';

type NamedCase = PlanningCase & { readonly name: string };

const targets = Array.from({ length: 71 }, (_, index) => 0.2 + index / 100);
const rounds = 5;

/** ResNet-56 by its energy curves and by those of the file. */
async function networkCases(model: string, file: string | null): Promise<NamedCase[]> {
  const cases: NamedCase[] = [];
  await Workspace.with([model], { backend: 'wasm', networkReading: {} }, async (workspace) => {
    const { network } = workspace;
    await workspace.factoriseIncluded();
    const { energy } = workspace.planner.inputs;
    const networkCase = (curves: ReadonlyMap<string, Curve>): NetworkCase => ({
      layers: network.layers,
      macs: network.macs,
      parameters: network.parameters,
      curves: plain(curves),
    });
    const add = (metric: PlanningCase['metric'], isWhole: boolean, curves: ReadonlyMap<string, Curve>) =>
      cases.push({ name: 'ResNet-56', metric, isWhole, network: networkCase(curves) });
    add('energy', false, energy);
    add('energy', true, energy);
    for (const isWhole of [false, true])
      cases.push({
        name: 'ResNet-56',
        metric: 'energy',
        isWhole,
        network: networkCase(energy),
        parameters: 0.8,
      });
    if (file === null) return;
    await takeCurves(workspace, { curves: file, metric: null });
    const { metric, curves } = workspace.planner.inputs;
    add(metric, true, curves);
  });
  return cases;
}

const plain = (curves: ReadonlyMap<string, Curve>) =>
  Array.from(curves.values(), (curve) => ({ ...curve, quality: Array.from(curve.quality) }));

/** AlexNet with its dense layers under two budgets, half as many parameters as MACs. */
async function alexNetCases(file: string): Promise<NamedCase[]> {
  const { curves, included: overrides, layers, macs, parameters } = await readAlexNet(file);
  const network: NetworkCase = { layers, macs, parameters, overrides, curves: plain(curves) };
  return [false, true].map((isWhole) => ({
    ...{ name: 'AlexNet', metric: 'energy', isWhole, network, parameters: 0.5 },
  }));
}

/** The authors' VGG-16 by energy and by measured accuracy, in the paper's space and in the whole one. */
function tableCases(folder: string): NamedCase[] {
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const tables: TableFiles = {
    netDef: read('Net_def.txt'),
    eigenvalues: read('eigenvalue.conf'),
    rankList: read('R_list.txt'),
    accuracies: read('A_norm.txt'),
  };
  return (['energy', 'measured'] as const).flatMap((metric) =>
    [false, true].map((isWhole) => ({ name: 'VGG-16 tables', metric, isWhole, tables })),
  );
}

const model = referencePath('res56/res56.onnx');
const vgg = referencePath('vgg16');
if (model && vgg && alexNetFile) {
  const cases = [
    ...(await networkCases(model, process.argv[2] ?? null)),
    ...tableCases(vgg),
    ...(await alexNetCases(alexNetFile)),
  ];
  const input = fileURLToPath(new URL('./planning/index.html', import.meta.url));
  const outDir = fileURLToPath(new URL('../.cache/bench-planning', import.meta.url));
  const build = { outDir, emptyOutDir: true, rolldownOptions: { input } };
  const times = await withStudio(async (browser, address) => {
    const page = await browser.newPage();
    await page.goto(`${address}bench/planning/index.html`);
    const inPage = () =>
      (globalThis as unknown as { planningBenchmark: PlanningBenchmark }).planningBenchmark;
    const handle = await page.evaluateHandle(inPage);
    const all: number[][] = [];
    for (const given of cases) {
      all.push(
        await handle.evaluate((run, [own, shares, count]) => run(own, shares, count), [
          given,
          targets,
          rounds,
        ] as const),
      );
    }
    return all;
  }, build);
  const rows = cases.map(({ name, metric, isWhole, parameters }, index) => ({
    network: name,
    budgets: parameters === undefined ? 'MACs' : `MACs, ${parameters} of it of parameters`,
    metric,
    space: isWhole ? 'every rank' : 'the paper’s box',
    'median ms': median(times[index]!).toFixed(2),
    '95 % ms': quantile(times[index]!, 0.95).toFixed(2),
  }));
  console.table(rows);
  writeResult('planning', { targets, rounds, rows });
} else console.log('bench/planning: skipped, it needs ../shared/reference with res56, vgg16 and models.');
