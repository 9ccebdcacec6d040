import type { AssumptionEntry } from './assumption';

/** Which part of a set is looked at, where its files hold several. */
export const subset: AssumptionEntry = {
  id: 'subset',
  of({ images, document }) {
    if (!images?.subset) return null;
    const { name, others, isChosen } = images.subset;
    const unseen = name === 'train' ? '' : ', which networks are not trained on';
    return {
      what: 'Part of the set',
      value: name,
      because: isChosen ? 'it was chosen' : `the files hold ${[name, ...others].join(', ')}${unseen}`,
      option: 'subset',
      alternatives: others.map((value) => ({ value, text: value })),
      choice: {
        setting: 'subset',
        value: document.settings.subset === 'auto' ? name : document.settings.subset,
      },
    };
  },
};
