/** Lists a format whose files do to their reader what they say: keep it for ever, or make it grow beyond measure. */
import { readers } from '../../src/formats/models/readers';
import type { Network } from '../../src/network/graph';

const deeds: Readonly<Record<string, () => never>> = {
  loop() {
    for (;;);
  },
  'grow bytes'() {
    const held: Uint8Array[] = [];
    for (;;) held.push(new Uint8Array(1 << 24).fill(1));
  },
  'grow objects'() {
    const held: string[][] = [];
    for (;;) held.push(new Array<string>(1e6).fill(''));
  },
  end() {
    return process.exit(3);
  },
};

readers.add({
  id: 'misread',
  title: 'Misread',
  extensions: ['.misread'],
  operators: [],
  detect: (files) => (files.some(({ name }) => name.endsWith('.misread')) ? 1 : 0),
  parts: (files) => files,
  read: ([file]): Network => deeds[new TextDecoder().decode(file!.bytes)]!(),
});
