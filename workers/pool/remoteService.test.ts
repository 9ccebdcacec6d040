import { setFlagsFromString } from 'node:v8';
import { setImmediate } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expose } from 'comlink';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { FailureError } from '../../src/network/failure';
import { remoteCourse, remoteParser, remoteService } from './remoteService';
import { threadEnd, threadLost } from './threads';

let collect: () => void;
beforeAll(() => {
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as () => void;
});

const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

/** The other end of a channel behind which calls of any name answer so. */
function endpointOf(answer: () => unknown): MessagePort {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(new Proxy({}, { get: () => answer }), port1);
  port1.start();
  port2.start();
  return port2;
}

/** Whether what a call answers is let go of by all but who called, while its thread lives on. */
async function isLetGo(call: () => Promise<object>): Promise<boolean> {
  const answers = await answersOf(call);
  for (let tries = 0; tries < 20; tries++) {
    await setImmediate();
    collect();
    if (answers.every((answer) => answer.deref() === undefined)) return true;
  }
  return false;
}

/** A function of its own, so that nothing of it is left on the stack. */
async function answersOf(call: () => Promise<object>): Promise<readonly WeakRef<object>[]> {
  const answers: WeakRef<object>[] = [];
  for (let calls = 0; calls < 3; calls++) answers.push(new WeakRef(await call()));
  return answers;
}

// A thread that lives for hours answers thousands of calls with megabytes each.
test('what threads answer is let go of while they live on', async () => {
  const large = () => ({ values: new Float32Array(1000) });
  const { failed } = threadEnd();
  const service = remoteService(endpointOf(large), failed);
  const run = () =>
    service.run(
      'job',
      'kind',
      {},
      () => undefined,
      () => undefined,
    );
  expect(await isLetGo(run)).toBe(true);
  const parser = remoteParser(endpointOf(large), failed);
  expect(await isLetGo(() => parser.readNetwork([], {}))).toBe(true);
  const course = remoteCourse(endpointOf(large), failed);
  const ask = () => Promise.resolve(null);
  expect(await isLetGo(() => course.repair({ layers: [], resume: [] }, ask, () => undefined))).toBe(true);
});

test('calls that a thread leaves open fail as it ends, and so do those that come later', async () => {
  const { failed, end } = threadEnd();
  const service = remoteService(
    endpointOf(() => new Promise(() => undefined)),
    failed,
  );
  const open = [service.start('wasm'), service.cancel('job')];
  const settled = Promise.allSettled(open);
  const lost: FailureError = threadLost();
  end(lost);
  expect(await settled).toEqual([1, 2].map(() => ({ status: 'rejected', reason: lost })));
  await expect(service.cancel('job')).rejects.toBe(lost);
});
