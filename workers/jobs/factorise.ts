import { factoriseKind, factoriseLayerKind, type WantedFactors } from '../protocol/factorise';
import { defineJob } from './job';

/** Factorises layers in the order given, each on the next free thread, and puts the factors to all of them. */
export const factoriseJob = defineJob(factoriseKind, async (pool, { network, layers }, tools) => {
  let done = 0;
  const factoriseOne = async (wanted: WantedFactors) => {
    const { layer, factorisation } = wanted;
    const { singularValues } = await pool.unit(
      factoriseLayerKind,
      { network, ...wanted },
      {
        makes: (factors) => ({ kind: 'factors', network, factors: [factors] }),
        onEvent: (values) => tools.onEvent({ layer, factorisation, singularValues: values, isHeld: false }),
      },
    );
    tools.onEvent({ layer, factorisation, singularValues, isHeld: true });
    tools.onProgress({ stage: 'factorising', done: ++done, total: layers.length, unit: 'layers' });
  };
  await Promise.all(layers.map(factoriseOne));
  return null;
});
