import type { AssumptionEntry } from './assumption';

/** Which part of a set is looked at, where its files hold several. */
export const subset: AssumptionEntry = {
  id: 'subset',
  of({ images, document }) {
    if (!images?.subset) return null;
    const { name, others, isChosen } = images.subset;
    return {
      what: 'Part of the set',
      value: name,
      because: isChosen
        ? 'it was chosen'
        : `the files hold ${[name, ...others].join(' and ')}, and ${name === 'train' ? 'no part for testing' : 'networks are trained on the others'}`,
      option: 'subset',
      alternatives: others.map((value) => ({ value, text: value })),
      choice: {
        setting: 'subset',
        value: document.settings.subset === 'auto' ? name : document.settings.subset,
      },
    };
  },
};
