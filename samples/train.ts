import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLASS_NAMES, EPOCHS, NORMALISATION, SEED, THREADS } from './task';
import type { NetworkName } from './task';

const PYTHON = process.env['PYTHON'] ?? '/usr/bin/python3';

/** What `training/train.py` reports about a network. */
export interface TrainingReport {
  readonly torch: string;
  readonly epochs: number;
  /** Mean training loss of each epoch. */
  readonly losses: readonly number[];
  /** Validation images that got their own label, and how many there are. */
  readonly correct: number;
  readonly images: number;
  readonly operators: Readonly<Record<string, number>>;
  readonly parameters: number;
  readonly macs: number;
  /** Convolutions and dense layers in file order; MACs of one image, biases not counted. */
  readonly layers: readonly {
    readonly name: string;
    readonly operator: 'Conv' | 'Gemm';
    readonly kernel: readonly number[];
    readonly strides: readonly number[] | null;
    readonly output: readonly number[];
    readonly macs: number;
  }[];
}

/** Where training keeps a network and its report. */
export function trainedFiles(folder: string, network: NetworkName): { onnx: string; report: string } {
  return { onnx: `${folder}${network}.onnx`, report: `${folder}${network}.json` };
}

/** Trains the network on `train.bin` in the folder, with low priority; takes minutes. */
export function trainNetwork(folder: string, network: NetworkName): void {
  const script = fileURLToPath(new URL('training/train.py', import.meta.url));
  const values = Object.entries(trainingOptions(folder, network)).flatMap(([name, value]) => [
    `--${name}`,
    ...[value].flat().map(String),
  ]);
  execFileSync('nice', ['-n', '10', PYTHON, script, network, ...values], {
    stdio: 'inherit',
    // Threads that wait must not burn the time of whatever else runs here; results stay the same.
    env: { ...process.env, OMP_WAIT_POLICY: 'passive', PYTHONDONTWRITEBYTECODE: '1' },
  });
}

function trainingOptions(folder: string, network: NetworkName) {
  return {
    train: `${folder}train.bin`,
    validation: `${folder}validation.bin`,
    classes: CLASS_NAMES.length,
    mean: NORMALISATION.mean,
    scale: NORMALISATION.scale,
    seed: SEED,
    epochs: EPOCHS,
    threads: THREADS,
    ...trainedFiles(folder, network),
  };
}

/** The report of a trained network. Throws Error if it has not been trained. */
export function readReport(folder: string, network: NetworkName): TrainingReport {
  const { report } = trainedFiles(folder, network);
  if (!existsSync(report))
    throw new Error(
      `train: expected a trained network "${network}", found none; run without --reuse-networks`,
    );
  return JSON.parse(readFileSync(report, 'utf8')) as TrainingReport;
}
