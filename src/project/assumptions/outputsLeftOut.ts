import type { AssumptionEntry } from './assumption';

/** Outputs of the network's file that are not computed, and that a written file does not have. */
export const outputsLeftOut: AssumptionEntry = {
  id: 'outputs-left-out',
  of({ network }) {
    const outputs = network?.summary.outputsLeftOut ?? [];
    if (outputs.length === 0) return null;
    return {
      what: 'Without output',
      value: outputs.map(({ name }) => name).join(', '),
      because: `${[...new Set(outputs.map(({ reason }) => reason.replace(/\.$/, '')))].join('. ')}. Written files do not have it either`,
      option: null,
      alternatives: [],
    };
  },
};
