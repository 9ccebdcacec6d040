import { backendTitle } from '../../src/engine/backend';
import { createExecutor } from '../../src/engine/executor';
import { compareLatency, compareRuns, noise, type Timing, type TurnOptions } from '../../src/engine/latency';
import { writeNetwork } from '../../src/formats/models';
import { inputAxes } from '../../src/formats/models/onnx/axes';
import { fail } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import type { RuntimeId } from '../protocol/latency';
import { inputDims, openOnnxSession, type OnnxSession } from './onnxRuntime';

/** Networks that are ready to be timed. */
export interface TimedNetworks {
  /** What runs them, for a person. */
  readonly runtime: string;
  compare(batchSize: number, options: TurnOptions): Promise<readonly Timing[]>;
  close(): Promise<void> | void;
}

/** How networks are made ready, by what is to run them. */
export const timedNetworks: Readonly<
  Record<RuntimeId, (networks: readonly Network[]) => Promise<TimedNetworks> | TimedNetworks>
> = { own: inEngine, ort: inOnnxRuntime };

function inEngine(networks: readonly Network[]): TimedNetworks {
  const executors = networks.map((network) => createExecutor(network));
  return {
    runtime: backendTitle(),
    compare: (batchSize, options) => compareLatency(executors, batchSize, options),
    close: () => executors.forEach((executor) => executor.dispose()),
  };
}

/** @throws FailureError `backend-unavailable` with the runtime's own words where it cannot run one of them */
async function inOnnxRuntime(networks: readonly Network[]): Promise<TimedNetworks> {
  const sessions: OnnxSession[] = [];
  const close = async () => {
    for (const session of sessions) await session.release();
  };
  try {
    for (const network of networks) sessions.push(await sessionOf(network));
  } catch (error) {
    await close();
    throw error;
  }
  const compare = (batchSize: number, options: TurnOptions) => {
    const runs = sessions.map((session, index) => {
      const { input } = networks[index]!;
      const dims = inputDims({ shape: input.shape, axes: inputAxes(networks[index]!) }, batchSize);
      return session.prepare(noise(dims), dims);
    });
    return compareRuns(runs, options);
  };
  return { runtime: sessions[0]!.name, compare, close };
}

async function sessionOf(network: Network): Promise<OnnxSession> {
  // Any number of images at a time, whatever the network's own file fixes.
  const source = { ...network.source, batch: 'batch' };
  const [file] = await writeNetwork({ ...network, source }, 'onnx');
  try {
    return await openOnnxSession(file!.bytes, network.scoresAt);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
    return fail(
      'backend-unavailable',
      `Expected a network that ONNX Runtime can run, found that it refuses it: ${reason}; time it in the studio's own engine.`,
    );
  }
}
