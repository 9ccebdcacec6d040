import { chooseBackend, memory, type BackendRequest, type MemoryReport } from '../../src/engine/backend';
import { createExecutor } from '../../src/engine/executor';
import { Sweep } from '../../src/engine/sweep/sweep';
import { centredRgb, noiseImages } from '../../src/engine/testing/images';
import { endsAndMiddle, layersOf, variantsOf } from '../../src/engine/testing/plainSweep';
import { bundledWasmPaths } from '../../src/engine/wasmAssets';
import { smallResidualNetwork } from '../../src/network/testing/builders';

/** What was held before a whole sweep, at its busiest between two layers, and after. */
export interface SweepMemory {
  readonly backend: string;
  readonly points: number;
  readonly before: MemoryReport;
  readonly busiest: MemoryReport;
  readonly after: MemoryReport;
}

/** Sweeps all layers of a small network with a network of its own, and tells what was held when. */
async function sweepMemory(request: BackendRequest): Promise<SweepMemory> {
  const { backend } = await chooseBackend(request, { wasmPaths: bundledWasmPaths });
  const network = smallResidualNetwork(3);
  const indices = Uint32Array.from({ length: 12 }, (_, index) => index);
  const sweepAll = async () => {
    const executor = createExecutor(network);
    const sweep = new Sweep(executor, noiseImages(12, 12, 12), centredRgb, indices, { batchSize: 4 });
    let points = 0;
    for (const layer of layersOf(network)) {
      const variants = variantsOf(network, layer, endsAndMiddle(layer));
      points += (await sweep.measure({ layer, variants, from: 0, to: indices.length })).length;
    }
    const busiest = memory();
    sweep.dispose();
    executor.dispose();
    return { points, busiest };
  };
  // The first sweep fills the pool of buffers that the graphics device keeps.
  await sweepAll();
  const before = memory();
  const { points, busiest } = await sweepAll();
  return { backend, points, before, busiest, after: memory() };
}

Object.assign(globalThis, { sweepMemory });
