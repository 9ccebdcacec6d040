import type { DetectionNote } from '../detection';
import { formatInteger, formatPercent } from '../numbers';
import { rangeTexts, scalingText } from '../../network/inputScaling';
import type { NetworkSummary } from '../../../workers/protocol/summaries';
import { doubtText, preprocessingDoubtOf } from '../chance';
import { asStored, describePreprocessing, preprocessingOf, samePreprocessing } from '../preprocessing';
import type { ProjectState } from '../state';
import type { Alternative, AssumptionEntry } from './assumption';

/** How pixels become the network's input. */
export const preprocessing: AssumptionEntry = {
  id: 'preprocessing',
  of(state) {
    if (!state.network || !state.images) return null;
    return {
      what: 'Preprocessing',
      value: describePreprocessing(state.document.settings.preprocessing),
      because: `${reasonOf(state)}${scalingReason(state.network.summary)}`,
      option: 'preprocess',
      alternatives: [...betterOf(state), { value: 'detect', text: 'tries every preset' }],
    };
  },
};

function reasonOf({ network, images, document }: ProjectState): string {
  const { settings, detection } = document;
  if (detection && samePreprocessing(detection.best.preprocessing, settings.preprocessing))
    return detectedText(detection);
  const stored = asStored(images?.range?.range, settings.preprocessing.channels);
  if (stored && samePreprocessing(stored, settings.preprocessing)) return 'as the values stand in the array';
  const stated = network?.summary.preprocessing;
  if (stated && samePreprocessing(stated, settings.preprocessing)) return 'the network’s own files say so';
  const known = network && preprocessingOf(network.summary);
  if (known && samePreprocessing(known, settings.preprocessing))
    return `what the network expects, ${rangeTexts[network.summary.scaling!.range!]}`;
  return settings.preprocessingIsGuess ? 'the default: nothing says otherwise' : 'it was chosen';
}

/** What the network does to its input itself. */
function scalingReason({ scaling }: NetworkSummary): string {
  return scaling ? `; then the network itself makes ${scalingText(scaling)} of x` : '';
}

/** A preset that is better than chance, where the one in use is not. */
function betterOf(state: ProjectState): readonly Alternative[] {
  const doubt = preprocessingDoubtOf(state);
  return doubt ? [{ value: doubt.better.preset, text: doubtText(doubt) }] : [];
}

function detectedText({ rows, best, isGuess }: DetectionNote): string {
  const row = rows.find((candidate) => samePreprocessing(candidate.preprocessing, best.preprocessing));
  if (!row) return 'detected';
  const on = `on ${formatInteger(row.images)} images`;
  if (isGuess || row.correct === null)
    return `guessed: the surest answers, ${formatPercent(row.confidence)} ${on}`;
  return `detected: ${formatPercent(row.correct / row.images)} right ${on}`;
}
