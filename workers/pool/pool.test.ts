import { describe, expect, it } from 'vitest';
import { FailureError, outcomeOf, type FailureCode, type Outcome } from '../../src/network/failure';
import type { Patch } from '../../src/network/patch';
import { chainOf } from '../../src/network/testing/builders';
import { artefactKey, type Artefact, type ArtefactName } from '../protocol/artefacts';
import type { ComputeService } from '../protocol/compute';
import { runKind, type RunSpec } from '../protocol/kinds';
import { Pool } from './pool';
import { threadEnd, type Thread } from './threads';

interface ToySpec extends RunSpec {
  readonly task: string;
  readonly event: string;
  readonly result: string;
}
const toy = runKind<ToySpec>('toy');
const backgroundToy = runKind<ToySpec>('background-toy', 'background');

type Script = (
  task: string,
  thread: FakeThread,
  onEvent: (event: string) => void,
) => string | Promise<string>;

/** A thread without a thread: does what the script says, and notes what is put to it. */
class FakeThread implements Thread {
  readonly puts: string[] = [];
  readonly released: ArtefactName[] = [];
  readonly cancelled: string[] = [];
  readonly service: ComputeService;
  private readonly own = threadEnd();
  readonly ended = this.own.ended;
  readonly close = this.own.end;

  constructor(
    readonly index: number,
    script: Script,
    start: () => Promise<unknown>,
  ) {
    const settle = <T>(call: Promise<T>) => Promise.race([call, this.own.failed]);
    this.service = {
      start: () =>
        settle(
          outcomeOf(async () => {
            await start();
            return { backend: 'wasm', adapter: null, reason: 'The test asked for it.' };
          }),
        ),
      put: (artefact) => {
        this.puts.push(artefactKey(artefact));
        return settle(Promise.resolve({ ok: true, value: null }));
      },
      release: (artefact) => {
        this.released.push(artefact);
        return settle(Promise.resolve());
      },
      run: (_job, _kind, task, _onProgress, onEvent) =>
        settle(outcomeOf(async () => script(task as string, this, onEvent))),
      cancel: (job) => {
        this.cancelled.push(job);
        return Promise.resolve();
      },
    };
  }

  /** Dies as a crashed thread does. */
  die(): void {
    this.own.end(new FailureError('thread-lost', 'It died.'));
  }
}

const lost = (code: FailureCode) => {
  throw new FailureError(code, 'Gone.');
};

function poolOf(threads: number, script: Script, start: (index: number) => Promise<unknown> = async () => 0) {
  const opened: FakeThread[] = [];
  const notes: string[] = [];
  const pool = new Pool({
    threads,
    openThread: () => {
      const thread: FakeThread = new FakeThread(opened.length, script, () => start(thread.index));
      opened.push(thread);
      return thread;
    },
    onNote: (sentence) => notes.push(sentence),
  });
  return { pool, opened, notes };
}

const job = (id = 'job') => ({ id, signal: new AbortController().signal });
const network = (fingerprint: string): Artefact => ({
  kind: 'network',
  fingerprint,
  network: chainOf([2, 2, 1], []),
});
const factors = (of: string): Artefact => ({ kind: 'factors', network: of, factors: [] });
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('a thread that is lost', () => {
  it.each(['device-lost', 'thread-lost'] as const)(
    '(%s) is replaced and its unit runs again',
    async (code) => {
      const { pool, opened, notes } = poolOf(1, (task, { index }) =>
        index === 0 ? lost(code) : `${task} done`,
      );
      await pool.start('wasm');
      await pool.put(network('a'));
      await pool.put(factors('a'));
      expect(await pool.unit(job(), toy, 'it')).toBe('it done');
      expect(opened.length).toBe(2);
      expect(opened[1]!.puts).toEqual(opened[0]!.puts);
      expect(notes).toEqual([]);
    },
  );

  it('takes both units that ran there to the next one', async () => {
    const { pool, opened } = poolOf(1, (task, thread) => {
      if (thread.index > 0) return `${task} done`;
      if (task === 'quick') thread.die();
      return new Promise<string>(() => undefined);
    });
    await pool.start('wasm');
    const sweep = pool.unit(job('sweep'), backgroundToy, 'slow');
    expect(await pool.unit(job(), toy, 'quick')).toBe('quick done');
    expect(await sweep).toBe('slow done');
    expect(opened.length).toBe(2);
  });

  it('is replaced though nothing ran there', async () => {
    const { pool, opened } = poolOf(2, (task) => task);
    await pool.start('wasm');
    opened[1]!.die();
    await settled();
    expect(opened.length).toBe(3);
    expect(pool.size).toBe(2);
  });

  it('tells nothing any more, and the next one goes on from what it told', async () => {
    let late: (event: string) => void = () => undefined;
    const { pool } = poolOf(1, (task, { index }, onEvent) => {
      onEvent(`event ${index}`);
      if (index > 0) return task;
      late = onEvent;
      return lost('device-lost');
    });
    await pool.start('wasm');
    const told: string[] = [];
    const result = await pool.unit(job(), toy, 'from the start', {
      onEvent: (event) => told.push(event),
      again: () => `on from ${told.join()}`,
    });
    late('late');
    expect(result).toBe('on from event 0');
    expect(told).toEqual(['event 0', 'event 1']);
  });
});

describe('a unit that costs every thread', () => {
  const deadly: Script = (task, thread) => {
    if (task !== 'deadly') return `${task} done`;
    thread.die();
    return new Promise<string>(() => undefined);
  };

  it('ends in a sentence, and the others are none the worse', async () => {
    const { pool, opened } = poolOf(1, deadly);
    await pool.start('wasm');
    const bystander = pool.unit(job('sweep'), backgroundToy, 'sweep');
    const outcome = await outcomeOf(() => pool.unit(job(), toy, 'deadly'));
    expect(outcome).toMatchObject({
      ok: false,
      failure: {
        code: 'thread-lost',
        message: expect.stringMatching(/^This step was stopped: .*\.$/) as string,
      },
    });
    expect(await bystander).toBe('sweep done');
    expect(await pool.unit(job(), toy, 'next')).toBe('next done');
    expect(opened.length).toBe(5);
  });

  it('takes long work beside it along but once', async () => {
    const ends: (() => void)[] = [];
    const { pool } = poolOf(1, (task, thread, onEvent) => {
      if (task === 'deadly') return deadly(task, thread, onEvent);
      return new Promise<string>((end) => ends.push(() => end(`${task} done`)));
    });
    await pool.start('wasm');
    const sweep = pool.unit(job('sweep'), backgroundToy, 'sweep');
    await expect(pool.unit(job(), toy, 'deadly')).rejects.toMatchObject({ code: 'thread-lost' });
    await expect.poll(() => ends.length).toBe(2);
    ends.at(-1)!();
    expect(await sweep).toBe('sweep done');
  });
});

describe('where no new thread can start', () => {
  const onlyTheFirst = (count: number) => (index: number) =>
    index < count ? Promise.resolve() : Promise.reject(new FailureError('backend-unavailable', 'No room.'));

  it('work goes on with those that are left, and a sentence says so', async () => {
    const { pool, opened, notes } = poolOf(2, (task) => task, onlyTheFirst(2));
    await pool.start('wasm');
    opened[0]!.die();
    expect(await pool.unit(job(), toy, 'it')).toBe('it');
    await settled();
    expect(notes).toEqual([
      'A compute thread stopped and no new one could be started (No room): the work goes on with 1 thread.',
    ]);
    expect(pool.size).toBe(1);
  });

  it('and none is left, everything ends in a sentence', async () => {
    const { pool, opened } = poolOf(1, () => new Promise<string>(() => undefined), onlyTheFirst(1));
    await pool.start('wasm');
    const work = [pool.unit(job(), toy, 'running'), pool.unit(job(), toy, 'waiting')];
    const ends = work.map((unit) => outcomeOf(() => unit));
    opened[0]!.die();
    for (const outcome of [
      ...(await Promise.all(ends)),
      await outcomeOf(() => pool.unit(job(), toy, 'late')),
    ]) {
      expect(outcome).toMatchObject({
        failure: { code: 'thread-lost', message: expect.stringMatching(/none is left; .*\.$/) as string },
      });
    }
  });

  it('a thread that dies while it starts is tried thrice', async () => {
    const { pool, opened, notes } = poolOf(
      2,
      (task) => task,
      async (index) => {
        if (index > 1) opened[index]!.die();
      },
    );
    await pool.start('wasm');
    opened[0]!.die();
    await expect.poll(() => notes.length).toBe(1);
    expect(opened.length).toBe(5);
  });
});

describe('a thread that dies before it has started for the first time', () => {
  const deadUntil = (first: number) => async (index: number) => {
    if (index < first) throw new FailureError('thread-lost', 'It died.');
  };

  it('is tried again', async () => {
    const { pool, opened } = poolOf(1, (task) => task, deadUntil(2));
    await pool.start('wasm');
    expect(await pool.unit(job(), toy, 'it')).toBe('it');
    expect(opened.length).toBe(3);
  });

  it('is given up with its sentence at the third time', async () => {
    const { pool, opened } = poolOf(1, (task) => task, deadUntil(3));
    await expect(pool.start('wasm')).rejects.toMatchObject({ code: 'thread-lost', message: 'It died.' });
    expect(opened.length).toBe(3);
  });
});

describe('artefacts', () => {
  it('are put to all threads but the one that made them', async () => {
    const { pool, opened } = poolOf(3, (task) => task);
    await pool.start('wasm');
    await pool.put(network('a'));
    await pool.unit(job(), toy, 'it', { makes: () => factors('a') });
    expect(opened.map(({ puts }) => puts.length)).toEqual([1, 2, 2]);
  });

  it('keep no thread from its next unit while another is too busy to take them', async () => {
    const { pool, opened } = poolOf(2, (task) => task);
    await pool.start('wasm');
    const gate = new AbortController();
    const isTaken = new Promise<Outcome<null>>((resolve) =>
      gate.signal.addEventListener('abort', () => resolve({ ok: true, value: null })),
    );
    opened[1]!.service.put = () => isTaken;
    let isDone = false;
    const first = pool.unit(job(), toy, 'first', { makes: () => factors('a') }).then(() => (isDone = true));
    expect(await pool.unit(job(), toy, 'second')).toBe('second');
    expect(await pool.unit(job(), toy, 'third')).toBe('third');
    await settled();
    expect(isDone).toBe(false);
    gate.abort();
    expect(await first).toBe(true);
  });

  it('of files that were closed are let go of, and threads that come later get none', async () => {
    const { pool, opened } = poolOf(1, (task) => task);
    await pool.start('wasm');
    for (const artefact of [network('a'), factors('a'), network('b'), factors('b')]) await pool.put(artefact);
    await pool.closeFiles(new Set(['a']), new Set(['b']));
    expect(opened[0]!.released).toEqual([{ kind: 'network', fingerprint: 'a' }]);
    opened[0]!.die();
    await settled();
    expect(opened[1]!.puts).toEqual([network('b'), factors('b')].map(artefactKey));
    // The same files may be opened again.
    await pool.put(network('a'));
    expect(opened[1]!.puts).toContain(artefactKey(network('a')));
  });

  it('of images stay as long as one of their names is open', async () => {
    const { pool, opened } = poolOf(1, (task) => task);
    await pool.start('wasm');
    const images = { kind: 'images', fingerprint: 'x', images: {}, readings: [{ fingerprint: 'y' }] };
    await pool.put(images as unknown as Artefact);
    await pool.closeFiles(new Set(['x']), new Set(['y']));
    expect(opened[0]!.released).toEqual([]);
    await pool.closeFiles(new Set(['y']), new Set(['z']));
    expect(opened[0]!.released).toEqual([{ kind: 'images', names: ['x', 'y'] }]);
  });

  it('that can be made again are kept up to a number, the newest ones', async () => {
    const { pool, opened } = poolOf(1, (task) => task);
    await pool.start('wasm');
    await pool.put(network('a'));
    const patch = { nodes: [] } as unknown as Patch;
    const repair = (index: number, isRepeatable = true): Artefact => ({
      kind: 'patches',
      network: 'a',
      patches: [{ key: `r${index}`, patch }],
      isRepeatable,
    });
    await pool.put(repair(-1, false));
    for (let index = 0; index < 30; index++) await pool.put(repair(index));
    const gone = [0, 1, 2, 3, 4, 5].map((index) => ({ kind: 'patches', network: 'a', keys: [`r${index}`] }));
    expect(opened[0]!.released).toEqual(gone);
    opened[0]!.die();
    await settled();
    expect(opened[1]!.puts.length).toBe(2 + 24);
  });

  it('that are put while a thread starts reach it, too', async () => {
    let go: () => void = () => undefined;
    const { pool, opened } = poolOf(
      2,
      (task) => task,
      (index) => (index < 2 ? Promise.resolve() : new Promise<void>((resolve) => (go = resolve))),
    );
    await pool.start('wasm');
    await pool.put(network('a'));
    opened[0]!.die();
    await settled();
    await pool.put(network('b'));
    go();
    await settled();
    expect(opened[2]!.puts).toEqual([artefactKey(network('a')), artefactKey(network('b'))]);
  });
});

it('a closed pool settles what runs and what waits as cancelled', async () => {
  const { pool } = poolOf(1, () => new Promise<string>(() => undefined));
  await pool.start('wasm');
  const work = [pool.unit(job(), toy, 'running'), pool.unit(job(), toy, 'waiting')];
  await settled();
  pool.close();
  for (const unit of work) await expect(unit).rejects.toMatchObject({ code: 'cancelled' });
});
