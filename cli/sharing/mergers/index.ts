import { createRegistry } from '../../../src/network/registry';
import type { AnyMerger } from './merger';
import { figureMerger } from './figure';
import { raceMerger } from './race';
import { sweepMerger } from './sweep';

/** Every kind of work that can be shared and merged. */
export const mergers = createRegistry<AnyMerger>('kind of shared work', [
  sweepMerger,
  raceMerger,
  figureMerger,
]);
