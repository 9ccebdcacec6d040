import { nodeWasmPaths } from '../../src/engine/testing/nodeBackend';
import type { CodecSource } from '../../src/formats/images';
import { PooledStudio } from '../pool/pooledStudio';
import { InThreadCompute } from '../service/computeService';
import { inThreadParser } from '../service/parsing';

const ignore = () => undefined;

/**
 * A studio whose threads are the test's own.
 *
 * @param codecs where the decoders of pictures come from
 * @param threads places for threads, which take turns in the one that there is
 */
export function inThreadStudio(codecs: CodecSource, threads = 1): PooledStudio {
  return new PooledStudio({
    threads,
    openThread: () => ({
      service: new InThreadCompute(nodeWasmPaths),
      ended: new Promise<void>(ignore),
      close: ignore,
    }),
    openParser: () => inThreadParser(codecs),
  });
}
