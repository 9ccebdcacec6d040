import { rangeChoices, rangeText, type PixelRangeNote } from '../../network/reading';
import { formatInteger } from '../numbers';
import type { AssumptionEntry } from './assumption';

/** Which values of an array are black and white. */
export const pixelRange: AssumptionEntry = {
  id: 'pixel-range',
  of({ images, document }) {
    if (!images?.range) return null;
    const { pixelRange: chosen } = document.settings;
    return {
      what: 'Pixel range',
      value: inWords(rangeText(images.range.range)),
      because: reasonOf(images.range),
      option: 'pixel-range',
      alternatives: rangeChoices
        .filter((choice) => choice !== chosen && choice !== rangeText(images.range!.range))
        .map((choice) => ({ value: choice, text: inWords(choice) })),
      choice: { setting: 'pixelRange', value: chosen },
    };
  },
};

/** `0..1` → "0 to 1". */
function inWords(range: string): string {
  if (range === 'auto') return 'by the distribution of the values';
  return range === 'as-is' ? 'none: the values go to the network as they stand' : range.replace('..', ' to ');
}

function reasonOf({ isChosen, found, clipped }: PixelRangeNote): string {
  const number = (value: number) => String(Number(value.toPrecision(5)));
  const beyond = clipped === 0 ? '' : `, ${formatInteger(clipped)} of them beyond`;
  const values = `values from ${number(found.from)} to ${number(found.to)}${beyond}`;
  return isChosen ? `it was chosen; ${values}` : values;
}
