/**
 * Images per second of a network with ResNet-56's shapes (126.5 million multiply-accumulates) on WebAssembly,
 * one thread, in Node: fused against node by node, over batch sizes. Prints a table and writes
 * `bench/results/engine.json`. Run: npx tsx bench/engine.ts
 */
import { evaluate } from '../src/engine/evaluate';
import { createExecutor, type Executor } from '../src/engine/executor';
import { centredRgb, noiseImages } from '../src/engine/testing/images';
import { startNodeBackend } from '../src/engine/testing/nodeBackend';
import { randomResNet } from '../src/engine/testing/resnet';
import { median, writeResult } from './harness';

const rounds = 5;
const imagesPerRun = 64;
const batchSizes = [1, 4, 8, 16, 32, 64];

interface Row {
  readonly batchSize: number;
  readonly fused: number;
  readonly separate: number;
}

const images = noiseImages(imagesPerRun, 32, 32);

async function imagesPerSecond(executor: Executor, batchSize: number): Promise<number> {
  const start = performance.now();
  await evaluate(executor, images, centredRgb, { batchSize });
  return (1000 * imagesPerRun) / (performance.now() - start);
}

/** Both forms take turns, so that other load on the machine hits both alike. */
async function measure(fused: Executor, separate: Executor, batchSize: number): Promise<Row> {
  const speeds = { fused: [] as number[], separate: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    speeds.fused.push(await imagesPerSecond(fused, batchSize));
    speeds.separate.push(await imagesPerSecond(separate, batchSize));
  }
  return { batchSize, fused: median(speeds.fused), separate: median(speeds.separate) };
}

const report = await startNodeBackend('wasm');
const network = randomResNet();
const fused = createExecutor(network);
const separate = createExecutor(network, { fuse: false });
const rows: Row[] = [];
for (const batchSize of batchSizes) rows.push(await measure(fused, separate, batchSize));

console.log(`ResNet-56's shapes on ${report.backend}, one thread: images per second (median of ${rounds})`);
console.log('batch    fused  node by node');
for (const row of rows) {
  const cells = [row.batchSize.toString().padStart(5), row.fused.toFixed(1).padStart(8)];
  console.log(`${cells.join(' ')} ${row.separate.toFixed(1).padStart(13)}`);
}
writeResult('engine', { backend: report.backend, rounds, imagesPerRun, rows });
