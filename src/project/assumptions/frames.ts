import { formatInteger } from '../numbers';
import type { AssumptionEntry } from './assumption';

/** Which frame of an animation, or page of a file, is the picture. */
export const frames: AssumptionEntry = {
  id: 'frames',
  of({ images }) {
    const count = images?.animated ?? 0;
    if (count === 0) return null;
    return {
      what: 'Frames',
      value: 'the first of each picture',
      because: `${formatInteger(count)} picture${count === 1 ? ' has' : 's have'} several frames or pages`,
      option: null,
      alternatives: [],
    };
  },
};
