import { nodeWasmPaths } from '../../src/engine/testing/nodeBackend';
import type { CodecSource } from '../../src/formats/images';
import { PooledStudio } from '../pool/pooledStudio';
import { InThreadCompute } from '../service/computeService';
import { inThreadParser } from '../service/parsing';

const ignore = () => undefined;

/**
 * A studio of one thread that is the test's own.
 *
 * @param codecs where the decoders of pictures come from
 */
export function inThreadStudio(codecs: CodecSource): PooledStudio {
  return new PooledStudio({
    threads: 1,
    openThread: () => ({
      service: new InThreadCompute(nodeWasmPaths),
      ended: new Promise<void>(ignore),
      close: ignore,
    }),
    openParser: () => inThreadParser(codecs),
  });
}
