import { energyCurve } from '../../enc/curve';
import type { LayerDescription } from '../../network/layers';
import type { ImagesSummary, NetworkSummary } from '../../../workers/protocol/summaries';
import { plannerOf } from '../planning';
import { plansAt } from '../plans';
import { initialProject, type ProjectState } from '../state';
import { withPlans } from '../foundTransitions';
import { withCurves, withImages, withNetwork } from '../transitions';

/** A convolution of 1,000 MACs and 100 parameters whose ranks 1 to 9 cost 100 MACs each. */
export function layer(name: string, change: Partial<LayerDescription> = {}): LayerDescription {
  return {
    name,
    kind: 'conv2d',
    shape: '3×3, 8 → 8',
    macs: 1000,
    parameters: 100,
    factorisation: 'spatial',
    macsPerRank: 100,
    parametersPerRank: 10,
    biasParameters: 0,
    rankMax: 9,
    rankFull: 24,
    kept: null,
    keptByDefault: null,
    ...change,
  };
}

/** Three layers; the last is kept unless a person includes it. */
export const network: NetworkSummary = {
  fingerprint: 'network-1',
  name: 'small',
  bytes: 1200,
  format: 'onnx',
  formatTitle: 'ONNX',
  forms: [],
  input: { name: 'input', shape: [8, 8, 3] },
  outputs: [{ name: 'scores', shape: [2], role: 'scores' }],
  scoreOutput: 'scores',
  content: 'network-1',
  classes: 2,
  macs: 3000,
  parameters: 300,
  preprocessing: null,
  scaling: null,
  layers: [layer('a'), layer('b'), layer('c', { keptByDefault: 'It gives the classes.' })],
};

export const images: ImagesSummary = {
  fingerprint: 'images-1',
  name: 'four',
  count: 4,
  height: 8,
  width: 8,
  channels: 3,
  labels: Int32Array.of(0, 1, 1, 0),
  classNames: null,
};

const spectra: Readonly<Record<string, readonly number[]>> = {
  a: [9, 8, 1, 1, 1, 1, 1, 1, 1],
  b: [9, 4, 4, 4, 4, 4, 4, 4, 4],
  c: [9, 1, 1, 1, 1, 1, 1, 1, 1],
};

/** The state after the network was opened, before any curve. */
export function opened(): ProjectState {
  return withNetwork(initialProject, 'small', network);
}

/** The state with curves, images, a backend, and plans at the requested target. */
export function ready(target = initialProject.document.settings.target): ProjectState {
  const before = withImages(opened(), images);
  const curves = Object.entries(spectra).map(([name, values]) => energyCurve(name, values, 9));
  const loaded = withCurves(before, network.fingerprint, curves);
  const backend = { backend: 'wasm', adapter: null, reason: 'Tested.', threads: 2 } as const;
  return withPlans({ ...loaded, backend }, target, plansAt(plannerOf(loaded)!, target));
}
