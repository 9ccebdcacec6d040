/**
 * What sharing a sweep costs: ResNet-56's sweep by one process of one thread, by two at the same time, and in 64
 * shards one after the other, each into an empty folder. Prints wall and processor time, how much faster two are,
 * what 64 shards cost more, and that all three merge to the same curves; writes `bench/results/scale.json`.
 *
 * Run: npx tsx bench/scale.ts [images [ranks [shards]]]; without arguments on 2,000 images, which takes an hour.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referencePath } from '../scripts/reference';
import { writeResult } from './harness';

const model = referencePath('res56/res56.onnx');
const data = referencePath('cifar10/train_2000.bin');
const enc = fileURLToPath(new URL('../deploy/enc', import.meta.url));

interface Took {
  readonly wall: number;
  /** Of the process with all its threads, user and system. */
  readonly processor: number;
}

/** Runs the command line and answers seconds, as bash's `time` tells them. */
function run(...args: readonly string[]): Promise<Took> {
  return new Promise((resolve, reject) => {
    const script = `TIMEFORMAT='%R %U %S'; time "$0" "$@" >/dev/null`;
    const child = spawn('bash', ['-c', script, enc, ...args], { env: { ...process.env, LC_ALL: 'C' } });
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    child.on('close', (status) => {
      const [wall = 0, user = 0, system = 0] = said.trim().split('\n').at(-1)!.split(' ').map(Number);
      if (status === 0) resolve({ wall, processor: user + system });
      else reject(new Error(`enc ${args.join(' ')} ended with ${status}: ${said}`));
    });
  });
}

async function benchmark(images: number, ranks: number, shards: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'enc-scale-'));
  const at = (name: string) => join(folder, name);
  const given = [model!, '--data', data!, '--mean', '128,128,128', '--scale', '0.0078125'];
  const work = [...given, '--images', String(images), '--ranks', String(ranks), '--exhaustive'];
  const sweep = (name: string, shard: string) =>
    run('sweep', ...work, '--threads', '1', '--backend', 'wasm', '--out', at(name), '--shard', shard);
  try {
    const one = await sweep('one', '1/1');
    // Everything is done: what is left is to start, to read network and images, and to look.
    const idle = await sweep('one', '1/1');
    const started = performance.now();
    const both = await Promise.all([sweep('two', '1/2'), sweep('two', '2/2')]);
    const two = (performance.now() - started) / 1000;
    const many: Took[] = [];
    for (let index = 1; index <= shards; index++) many.push(await sweep('many', `${index}/${shards}`));
    const processor = many.reduce((sum, took) => sum + took.processor, 0);
    const merged: string[] = [];
    for (const name of ['one', 'two', 'many']) {
      await run('merge', at(name), '--out', at(`${name}.json`));
      merged.push(readFileSync(at(`${name}.json`), 'utf8'));
    }
    const result = {
      ...{
        images,
        ranks,
        shards,
        one,
        idle,
        many: { processor, longest: Math.max(...many.map(({ wall }) => wall)) },
      },
      two: { wall: two, processor: both[0].processor + both[1].processor },
      speedup: one.wall / two,
      overhead: processor / one.processor - 1,
      isSame: merged.every((text) => text === merged[0]),
      load: loadavg()[0]!,
    };
    writeResult('scale', result);
    print(result);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(result: {
  readonly images: number;
  readonly ranks: number;
  readonly shards: number;
  readonly one: Took;
  readonly idle: Took;
  readonly two: Took;
  readonly many: { readonly processor: number };
  readonly speedup: number;
  readonly overhead: number;
  readonly isSame: boolean;
  readonly load: number;
}): void {
  const { images, ranks, shards, one, idle, two, many, speedup, overhead, isSame, load } = result;
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  console.log(`ResNet-56, every layer at ${ranks} ranks on ${images} images, WebAssembly`);
  console.log(`one process of one thread: ${seconds(one.wall)}, ${seconds(one.processor)} of processor`);
  console.log(
    `two at the same time: ${seconds(two.wall)}, ${seconds(two.processor)}; ${speedup.toFixed(2)} times as fast`,
  );
  console.log(
    `${shards} shards: ${seconds(many.processor)} of processor; ${(100 * overhead).toFixed(1)} % more than one`,
  );
  console.log(
    `a process that finds everything done: ${seconds(idle.wall)}, ${seconds(idle.processor)} of processor`,
  );
  console.log(`the same curves, byte for byte: ${isSame ? 'yes' : 'NO'}`);
  console.log(`load average of the machine: ${load.toFixed(1)}`);
}

const [images = 2000, ranks = 9, shards = 64] = process.argv.slice(2).map(Number);
if (model && data) await benchmark(images, ranks, shards);
else console.log('skipped: ../shared/reference is missing');
