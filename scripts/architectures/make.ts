import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { architectures } from '.';
import { fileOf } from './architecture';

/** `npx tsx scripts/architectures/make.ts FOLDER [SIZE]`: every architecture as ONNX and Keras files, at full width. */
const [folder, size] = process.argv.slice(2);
if (!folder)
  throw new Error('Expected a folder to write to: npx tsx scripts/architectures/make.ts FOLDER [SIZE]');
await mkdir(folder, { recursive: true });
for (const architecture of architectures)
  for (const format of ['onnx', 'keras'] as const) {
    const options = { size: size ? Number(size) : architecture.size, slimmer: 1 };
    const { name, bytes } = await fileOf(architecture, format, options);
    await writeFile(join(folder, name), bytes);
    console.log(`${name}: ${architecture.title}, ${bytes.byteLength} bytes`);
  }
