import { readFileSync } from 'node:fs';
import { readImages } from '../../src/formats/datasets';
import { readNetwork } from '../../src/formats/models';
import { writeTorchInput, type Cut } from '../torch/input';
import { TorchProcess } from '../torch/process';

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
  private constructor(private readonly process: TorchProcess) {}

  /** Starts the process and warms it up; null where PyTorch is missing. */
  static async start(
    files: { readonly model: string; readonly data: string },
    cuts: readonly Cut[],
    images: number,
    threads: number,
  ): Promise<{ loop: TorchLoop; setting: TorchSetting } | null> {
    const read = (path: string, name: string) => [{ name, bytes: new Uint8Array(readFileSync(path)) }];
    const indices = Uint32Array.from({ length: images }, (_, index) => index);
    const network = await readNetwork(read(files.model, 'model.onnx'));
    const set = readImages(read(files.data, 'images.bin'));
    const preprocessing = { channels: 'rgb' as const, mean: [128], scale: [0.0078125] };
    const started = await TorchProcess.start<TorchSetting>('sweep.py', threads, (folder) =>
      writeTorchInput(folder, network, cuts, set, indices, preprocessing),
    );
    return started && { loop: new TorchLoop(started.process), setting: started.setting };
  }

  /** Runs the networks at positions `from` … `to` − 1 of the list. */
  run(from: number, to: number): Promise<TorchRun> {
    return this.process.ask<TorchRun>(`${from} ${to}`);
  }

  /** Ends the process. */
  close(): void {
    this.process.close();
  }
}
