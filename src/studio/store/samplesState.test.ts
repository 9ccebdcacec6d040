import { describe, expect, it } from 'vitest';
import type { ImagesSummary, NetworkSummary } from '../../../workers/protocol/summaries';
import { initialState, type StudioState } from './state';
import { withSettings } from '../../project/transitions';
import { withNetwork } from './transitions';
import { shownSample, withoutStrayImages } from './samplesState';

const letters: ImagesSummary = {
  ...{ fingerprint: 'letters', name: 'validation.bin', count: 2, height: 32, width: 32, channels: 3 },
  ...{ labels: Int32Array.of(0, 1), classNames: ['A', 'B'] },
};

function networkReading(shape: readonly number[], classes: number): NetworkSummary {
  return {
    ...{ fingerprint: `network ${shape.join()} ${classes}`, name: 'own', bytes: 1, format: 'onnx' },
    ...{
      formatTitle: 'ONNX',
      forms: [],
      outputs: [],
      scoreOutput: 'scores',
      scaling: null,
      content: `${shape.join()} ${classes}`,
    },
    ...{ input: { name: 'image', shape }, classes, macs: 1, parameters: 1, preprocessing: null, layers: [] },
  };
}

function opened(summary: NetworkSummary, images = letters): StudioState {
  const preprocessing = { channels: 'rgb', mean: [128], scale: [1 / 64] } as const;
  const state: StudioState = {
    ...initialState,
    images,
    samples: { ...initialState.samples, images: 'letters' },
  };
  const chosen = withSettings(state, { preprocessing, preprocessingIsGuess: false });
  return withNetwork(chosen, 'own', summary);
}

describe('withoutStrayImages', () => {
  it('keeps the samples’ images for a network that answers their classes', () => {
    const state = opened(networkReading([32, 32, 3], 2));
    expect(withoutStrayImages(state)).toBe(state);
  });

  it.each([
    ['another size', networkReading([224, 224, 3], 2)],
    ['other channels', networkReading([32, 32, 1], 2)],
    ['other classes', networkReading([32, 32, 3], 1000)],
  ])('takes them and their preprocessing away for %s', (_, summary) => {
    const state = withoutStrayImages(opened(summary));
    expect(state.images).toBeNull();
    expect(state.document.settings.preprocessingIsGuess).toBe(true);
    expect(state.document.settings.preprocessing.scale).toEqual([1 / 255]);
    expect(state.document.settings.preprocessing.channels).toBe(
      summary.input.shape[2] === 1 ? 'grey' : 'rgb',
    );
  });

  it('never takes away what the person opened', () => {
    const state = opened(networkReading([224, 224, 3], 2), { ...letters, fingerprint: 'own images' });
    expect(withoutStrayImages(state)).toBe(state);
  });
});

describe('shownSample', () => {
  it('knows a sample by its network’s fingerprint', () => {
    const summary = networkReading([32, 32, 3], 2);
    const state = opened(summary);
    expect(shownSample(state)).toBeNull();
    const samples = { ...state.samples, opened: { [summary.fingerprint]: 'vgg' } };
    expect(shownSample({ ...state, samples })).toBe('vgg');
    expect(shownSample(initialState)).toBeNull();
  });
});
