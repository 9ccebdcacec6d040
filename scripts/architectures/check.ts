import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { architectures } from '.';
import type { Architecture } from './architecture';
import { formats, halved, inspected, runtimeDifference, written, type Format } from './checks';

/**
 * `npm run check:architectures [ID …]`: every architecture as published, in ONNX and Keras, is inspected, cut to half of
 * its MACs and run by ONNX Runtime. The tests do the same with fewer channels.
 */
async function check(folder: string, architecture: Architecture, format: Format): Promise<readonly string[]> {
  const { size } = architecture;
  const { published } = architecture[format];
  const path = await written(folder, architecture, format, { size, slimmer: 1 });
  const start = performance.now();
  const { macs, parameters, unsupported } = await inspected(path);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${architecture.title} in ${format}: ${macs} MACs, published ${published.macs} (${published.macsSource})`,
  );
  console.log(
    `  ${parameters} parameters, published ${published.parameters} (${published.parametersSource})`,
  );
  const out = join(folder, `${architecture.id}-${format}-half.onnx`);
  const cut = await halved(path, out);
  console.log(
    `  inspected in ${seconds.toFixed(1)} s, cut to ${cut.achieved} in ${cut.seconds.toFixed(1)} s`,
  );
  const compared = format === 'onnx' ? [path, out] : [out];
  const differences: number[] = [];
  for (const file of compared) differences.push(await runtimeDifference(file, size));
  console.log(
    `  ONNX Runtime is ${differences.map((each) => each.toExponential(1)).join(' and ')} of the largest answer apart`,
  );
  return [
    ...(unsupported.length > 0 ? [`${unsupported.length} layers that cannot be computed`] : []),
    ...(Math.abs(macs / published.macs - 1) > 0.01 ? [`${macs} MACs`] : []),
    ...(Math.abs(cut.achieved - 0.5) > 0.01 ? [`cut to ${cut.achieved}`] : []),
    ...(Math.max(...differences) > 1e-4 ? ['ONNX Runtime answers something else'] : []),
  ].map((fault) => `${architecture.title} in ${format}: ${fault}`);
}

const wanted = process.argv.slice(2);
const chosen = architectures.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const folder = await mkdtemp(join(tmpdir(), 'architectures-'));
const faults: string[] = [];
try {
  for (const architecture of chosen)
    for (const format of formats) faults.push(...(await check(folder, architecture, format)));
} finally {
  await rm(folder, { recursive: true });
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 || chosen.length === 0 ? 1 : 0;
