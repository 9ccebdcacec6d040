import { inputImage } from '../../network/inputImage';
import { withoutImages, withSettings } from '../../project/transitions';
import { defaultSettings } from '../../project/settings';
import type { ImagesSummary, NetworkSummary } from '../../../workers/protocol/summaries';
import type { StudioState } from './state';

/** The sample whose network is open, or null where it is the person's own. */
export function shownSample(state: StudioState): string | null {
  const fingerprint = state.network?.summary.fingerprint;
  return (fingerprint && state.samples.opened[fingerprint]) || null;
}

/** Whether the open images are those of the samples. */
function hasSampleImages(state: StudioState): boolean {
  return state.images !== null && state.images.fingerprint === state.samples.images;
}

/**
 * Takes the samples' images away, and their preprocessing, once a network is open that they say nothing about;
 * nobody chose them for it.
 */
export function withoutStrayImages(state: StudioState): StudioState {
  const { network, images } = state;
  if (!network || !images || !hasSampleImages(state) || isAbout(network.summary, images)) return state;
  const { preprocessing } = defaultSettings;
  const present = state.document.settings.preprocessing.channels;
  const channels = present === 'grey' ? 'grey' : preprocessing.channels;
  return withSettings(withoutImages(state), {
    preprocessing: { ...preprocessing, channels },
    preprocessingIsGuess: true,
  });
}

function isAbout(network: NetworkSummary, images: ImagesSummary): boolean {
  const { height, width, channels, classNames } = images;
  const wanted = inputImage(network.input.shape);
  const isSameSize = height === wanted?.height && width === wanted.width && channels === wanted.channels;
  return isSameSize && network.classes === (classNames?.length ?? 0);
}
