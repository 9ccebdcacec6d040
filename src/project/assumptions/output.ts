import { shapeText } from '../../network/extents';
import { roleTexts, type OutputDescription } from '../../network/outputs';
import type { ProjectState } from '../state';
import type { AssumptionEntry } from './assumption';

/** Which output holds the class scores, and what one score alone means. */
export const output: AssumptionEntry = {
  id: 'output',
  of({ network, document }) {
    if (!network) return null;
    const { outputs, scoreOutput } = network.summary;
    const taken = outputs.find(({ name }) => name === scoreOutput);
    const isOne = taken?.shape?.every((extent) => extent === 1) ?? false;
    if (!taken || (outputs.length < 2 && !isOne)) return null;
    const alternatives = outputs
      .filter(({ name }) => name !== scoreOutput)
      .map((other) => ({ value: other.name, text: textOf(other) }));
    return {
      what: 'Output',
      value: isOne ? `${taken.name}, one score: ${thresholdText(taken)}` : textOf(taken),
      because: outputs.length < 2 ? 'it is the only one' : reasonOf(document.settings.output),
      option: 'output',
      alternatives,
      ...(alternatives.length > 0 ? { choice: { setting: 'output', value: scoreOutput } as const } : {}),
    };
  },
};

function reasonOf(asked: ProjectState['document']['settings']['output']): string {
  return asked === null ? 'it looks most like class scores' : 'it was chosen';
}

/** Where the second class begins. */
function thresholdText({ role }: OutputDescription): string {
  return `the second of two classes above ${role === 'probabilities' ? 0.5 : 0}`;
}

/** "logits, 10: scores of a layer" */
function textOf({ name, shape, role }: OutputDescription): string {
  return `${name}, ${shape ? `${shapeText(shape)}: ` : ''}${roleTexts[role]}`;
}
