import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { readImages } from '../../src/formats/datasets';
import { readNetwork } from '../../src/formats/models';
import { writeTorchInput, type Cut } from './torchInput';

/** How PyTorch runs. */
export interface TorchSetting {
  readonly torch: string;
  readonly threads: number;
  /** The fastest of a few. */
  readonly batchSize: number;
  readonly uncutImagesPerSecond: Record<string, number>;
  readonly correctUncut: number;
}

/** What PyTorch took for some cut networks, each run in full on all images. */
export interface TorchRun {
  readonly seconds: number;
  readonly points: readonly {
    readonly layer: string;
    readonly rank: number;
    readonly correct: number;
    readonly divergence: number;
  }[];
}

/** A PyTorch process that waits to be told which networks to run. */
export class TorchLoop {
  readonly #answers: AsyncIterator<string>;

  private constructor(
    private readonly process: ChildProcessByStdio<Writable, Readable, null>,
    private readonly folder: string,
  ) {
    this.#answers = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  }

  /** Starts the process and warms it up; null where PyTorch is missing. */
  static async start(
    files: { readonly model: string; readonly data: string },
    cuts: readonly Cut[],
    images: number,
    threads: number,
  ): Promise<{ loop: TorchLoop; setting: TorchSetting } | null> {
    const folder = mkdtempSync(join(tmpdir(), 'enc-sweep-'));
    const read = (path: string, name: string) => [{ name, bytes: new Uint8Array(readFileSync(path)) }];
    const indices = Uint32Array.from({ length: images }, (_, index) => index);
    writeTorchInput(
      folder,
      await readNetwork(read(files.model, 'model.onnx')),
      cuts,
      readImages(read(files.data, 'images.bin')),
      indices,
      { channels: 'rgb', mean: [128], scale: [0.0078125] },
    );
    const script = fileURLToPath(new URL('../sweep_torch.py', import.meta.url));
    const child = spawn('/usr/bin/python3', [script, folder, String(threads)], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    // A missing program is told by an event; the answers then end without one.
    child.on('error', () => undefined);
    const loop = new TorchLoop(child, folder);
    const setting = await loop.#answer<TorchSetting>();
    if (setting) return { loop, setting };
    loop.close();
    return null;
  }

  /** Runs the networks at positions `from` … `to` − 1 of the list. */
  async run(from: number, to: number): Promise<TorchRun> {
    this.process.stdin.write(`${from} ${to}\n`);
    const run = await this.#answer<TorchRun>();
    if (!run) throw new Error('PyTorch stopped before its answer');
    return run;
  }

  /** Ends the process. */
  close(): void {
    this.process.stdin.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #answer<T>(): Promise<T | null> {
    const line = await this.#answers.next();
    return line.done ? null : (JSON.parse(line.value) as T);
  }
}
