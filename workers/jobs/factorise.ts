import { factoriseKind, factoriseLayerKind, type WantedFactors } from '../protocol/factorise';
import { defineJob } from './job';

/** Factorises layers, each on the next free thread, and puts the factors to all of them. */
export const factoriseJob = defineJob(factoriseKind, async (pool, { network, layers }, tools) => {
  let done = 0;
  const factoriseOne = async ({ layer, factorisation }: WantedFactors) => {
    const { singularValues } = await pool.unit(
      factoriseLayerKind,
      { network, layer, factorisation },
      { makes: (factors) => ({ kind: 'factors', network, factors: [factors] }) },
    );
    tools.onEvent({ layer, factorisation, singularValues });
    tools.onProgress({ stage: 'factorising', done: ++done, total: layers.length, unit: 'layers' });
  };
  await Promise.all(layers.map(factoriseOne));
  return null;
});
