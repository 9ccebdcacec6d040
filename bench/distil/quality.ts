/**
 * What distillation reaches: cuts ResNet-56 to a target by ENC-Map or ENC-Model, repairs it and distils it, without
 * labels, on the 2,000 images of `train_2000.bin`, and measures all three on `test_1000.bin` as the written file computes
 * them. Prints one line of JSON. Run: npx tsx bench/distil/quality.ts TARGET SEED [METHOD [options of enc compress]], for
 * instance 0.3 1 map --epochs 20 --rate 3e-4. Of the samples (sample:vgg, sample:residual) instead:
 * MODEL=sample:vgg npx tsx bench/distil/quality.ts 0.2 1
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Accuracy } from '../../cli/accuracy';
import { encJson } from '../../cli/testing';
import { referencePath } from '../../scripts/reference';
import type { DistilReport } from '../../workers/protocol/distil';

interface Answer {
  readonly achieved: number;
  readonly before: Accuracy | null;
  readonly withoutRepair: Accuracy | null;
  readonly withoutDistil: Accuracy | null;
  readonly after: Accuracy | null;
  readonly distil: DistilReport;
}

const [target = '0.3', seed = '1', method = 'map', ...options] = process.argv.slice(2);
const sample = process.env['MODEL'];
const model = sample ?? referencePath('res56/res56.onnx');
const calibration = sample ?? referencePath('cifar10/train_2000.bin');
const data = sample ?? referencePath('cifar10/test_1000.bin');

if (model && calibration && data) {
  const folder = mkdtempSync(join(tmpdir(), 'distil-'));
  const images = sample
    ? ['--data', data, '--calibration-images', '500']
    : [
        ...['--data', data, '--calibration', calibration, '--calibration-images', '2000'],
        ...['--preprocess', 'cifar-resnet56'],
      ];
  const begun = performance.now();
  try {
    const answer = await encJson<Answer>(
      ...['compress', model, '--target', target, '--method', method, '--repair', '--distil', '--seed', seed],
      ...[...images, ...options, '--out', join(folder, 'distilled.onnx')],
    );
    const { isDistilled, best, epochs } = answer.distil;
    console.log(
      JSON.stringify({
        ...{ model: sample ?? 'res56', target: Number(target), achieved: answer.achieved, method },
        ...{ seed: Number(seed), options, seconds: Math.round((performance.now() - begun) / 1000) },
        original: answer.before?.top1,
        truncated: answer.withoutRepair?.top1,
        repaired: answer.withoutDistil?.top1,
        distilled: answer.after?.top1,
        ...{ isDistilled, best },
        divergences: epochs.map(({ divergence }) => Number(divergence.toPrecision(4))),
        losses: epochs.map(({ loss }) => loss && Number(loss.toPrecision(4))),
        agreements: epochs.map(({ agreement }) => Number(agreement.toPrecision(4))),
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else console.log('Skipped: needs ../shared/reference with res56 and cifar10.');
