import { expect, it } from 'vitest';
import { foundRefusals, type Refusal } from './refusals';

const refusal = (file: string, example: string | null, kind = 'sentence'): Refusal => ({
  ...{ file, example, kind },
  template: '…: expected …, found ….',
});
const all = [
  refusal('cli/options.ts', '--backend: expected wasm, found "x".'),
  refusal('src/formats/datasets/idx.ts', 'a: expected 2 labels, found 3.'),
  refusal('src/formats/pictures/decoding.ts', 'a: expected 2 labels, found 3.'),
  refusal('src/formats/models/onnx/node.ts', 'it reads nothing.', 'reason'),
  refusal('workers/pool/pool.ts', null),
];

it('lists refusals by what refuses, those that say the same once', () => {
  expect(foundRefusals(all, '')).toEqual([
    { area: 'Command line', sentences: ['--backend: expected wasm, found "x".'] },
    { area: 'Network files', sentences: ['A layer cannot be computed: it reads nothing.'] },
    { area: 'Image files and archives', sentences: ['a: expected 2 labels, found 3.'] },
    { area: 'Computing', sentences: ['…: expected …, found ….'] },
  ]);
});

it('finds those with every word of a search', () => {
  expect(foundRefusals(all, ' LABELS found ').map(({ area }) => area)).toEqual(['Image files and archives']);
  expect(foundRefusals(all, 'labels backend')).toEqual([]);
});
