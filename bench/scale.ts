/**
 * What sharing a sweep costs, on ResNet-56, each into an empty folder of its own. First one process of one thread
 * beside 64 shards one after the other, both at the same time, so that what else the machine does meets both alike:
 * what the shards cost more of the processor. Then, on a quarter of the images, one process alone against two at the
 * same time: how much faster two are. Says whether all merge to the same curves; writes `bench/results/scale.json`.
 *
 * Run: npx tsx bench/scale.ts [images [ranks [shards]]]; without arguments on 1,000 images, which takes half an hour.
 * A quarter of it is `250 9 16`: each shard computes as much as one of 64 on 1,000 images, so that starting weighs the
 * same. 64 shards on fewer images would make it weigh more, and fewer ranks the activations before the cuts.
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

interface Result {
  readonly images: number;
  readonly ranks: number;
  readonly shards: number;
  readonly one: Took;
  readonly many: { readonly processor: number; readonly longest: number };
  /** More of the processor than one process takes, as a share of it. */
  readonly overhead: number;
  /** A process that finds everything done: starts, reads network and images, and looks. */
  readonly idle: Took;
  readonly alone: Took;
  readonly two: Took;
  readonly speedup: number;
  readonly isSame: boolean;
  readonly load: number;
}

async function benchmark(images: number, ranks: number, shards: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'enc-scale-'));
  const at = (name: string) => join(folder, name);
  const given = [model!, '--data', data!, '--mean', '128,128,128', '--scale', '0.0078125'];
  const own = ['--exhaustive', '--threads', '1', '--backend', 'wasm'];
  const sweep = (name: string, shard: string, count = images) =>
    run(
      ...['sweep', ...given, '--images', String(count), '--ranks', String(ranks), ...own],
      ...['--out', at(name), '--shard', shard],
    );
  const curves = async (name: string) => {
    await run('merge', at(name), '--out', at(`${name}.json`));
    return readFileSync(at(`${name}.json`), 'utf8');
  };
  try {
    const [one, many] = await Promise.all([
      sweep('one', '1/1'),
      inTurn(shards, (shard) => sweep('many', shard)),
    ]);
    const overhead = sum(many) / one.processor - 1;
    console.log(overheadText({ images, ranks, shards, one, many: sum(many), overhead }));
    const idle = await sweep('one', '1/1');
    const few = Math.ceil(images / 4);
    const alone = await sweep('alone', '1/1', few);
    const started = performance.now();
    const both = await Promise.all(['1/2', '2/2'].map((shard) => sweep('two', shard, few)));
    const two = { wall: (performance.now() - started) / 1000, processor: sum(both) };
    const result: Result = {
      ...{ images, ranks, shards, one, idle, alone, two },
      many: { processor: sum(many), longest: Math.max(...many.map(({ wall }) => wall)) },
      overhead,
      speedup: alone.wall / two.wall,
      isSame:
        (await curves('one')) === (await curves('many')) && (await curves('alone')) === (await curves('two')),
      load: loadavg()[0]!,
    };
    writeResult('scale', result);
    print(result);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inTurn(shards: number, sweep: (shard: string) => Promise<Took>): Promise<Took[]> {
  const took: Took[] = [];
  for (let index = 1; index <= shards; index++) took.push(await sweep(`${index}/${shards}`));
  return took;
}

function sum(took: readonly Took[]): number {
  return took.reduce((all, { processor }) => all + processor, 0);
}

const seconds = (value: number) => `${value.toFixed(1)} s`;

/** Said as soon as it is known: the second part takes as long as the first. */
function overheadText(
  found: Pick<Result, 'images' | 'ranks' | 'shards' | 'one' | 'overhead'> & { readonly many: number },
): string {
  return [
    `ResNet-56, every layer at ${found.ranks} ranks on ${found.images} images, WebAssembly, one thread a process`,
    `one process: ${seconds(found.one.processor)} of processor`,
    `${found.shards} shards: ${seconds(found.many)}; ${(100 * found.overhead).toFixed(1)} % more, ` +
      `${seconds((found.overhead * found.one.processor) / Math.max(1, found.shards - 1))} for each but the first`,
  ].join('\n');
}

function print({ idle, alone, two, speedup, isSame, load }: Result): void {
  const lines = [
    `a process that finds everything done: ${seconds(idle.processor)}`,
    `on a quarter of the images, one process alone: ${seconds(alone.wall)}, ${seconds(alone.processor)} of processor`,
    `two at the same time: ${seconds(two.wall)}, ${seconds(two.processor)}; ${speedup.toFixed(2)} times as fast`,
    `the same curves, byte for byte: ${isSame ? 'yes' : 'NO'}`,
    `load average of the machine: ${load.toFixed(1)}`,
  ];
  console.log(lines.join('\n'));
}

const [images = 1000, ranks = 9, shards = 64] = process.argv.slice(2).map(Number);
if (model && data) await benchmark(images, ranks, shards);
else console.log('skipped: ../shared/reference is missing');
