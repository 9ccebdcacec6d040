import { energyCurve, type Curve } from '../src/enc/curve';
import { unwrap } from '../src/network/failure';
import { initialProject, type ProjectState } from '../src/project/state';
import {
  withCurves,
  withImages,
  withNetwork,
  withPreprocessing,
  withTuning,
} from '../src/project/transitions';
import { factoriseKind } from '../workers/protocol/factorise';
import { readSample } from './samples';
import { createNodeStudio } from './threads';

const never = new AbortController().signal;

/** A built-in sample as the page has it once its layers are factorised: network, images, images for tuning. */
export async function pageState(sample: string): Promise<ProjectState> {
  const studio = createNodeStudio({ threads: 1 });
  try {
    const backend = unwrap(await studio.start('auto'));
    const network = unwrap(await studio.openNetwork(never, await readSample(sample, 'network')));
    const [images, tuning] = [
      unwrap(await studio.openImages(never, await readSample(sample, 'validation'), network.fingerprint)),
      unwrap(await studio.openImages(never, await readSample(sample, 'calibration'), network.fingerprint)),
    ];
    const layers = network.layers.filter(({ kept, rankMax }) => kept === null && rankMax >= 1);
    const wanted = layers.map(({ name, factorisation }) => ({ layer: name, factorisation }));
    const curves: Curve[] = [];
    const task = { network: network.fingerprint, layers: wanted };
    unwrap(
      await studio.run(
        never,
        factoriseKind,
        task,
        () => undefined,
        ({ layer, singularValues }) => {
          const { rankMax } = layers.find(({ name }) => name === layer)!;
          curves.push(energyCurve(layer, singularValues, rankMax));
        },
      ),
    );
    const opened = withTuning(withImages(withNetwork(initialProject, 'sample', network), images), tuning);
    const asSamples = { channels: 'rgb', mean: [128], scale: [1 / 64] } as const;
    const ready = withCurves(withPreprocessing(opened, asSamples), network.fingerprint, curves);
    return { ...ready, backend };
  } finally {
    studio.close();
  }
}
