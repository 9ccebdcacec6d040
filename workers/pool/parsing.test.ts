import { Worker } from 'node:worker_threads';
import { installedCodecs } from '../../cli/codecs';
import { describe, expect, it, vi } from 'vitest';
import { InThreadParser } from '../service/parsing';
import { Parsing, secondsFor, type Parser } from './parsing';
import { parserLost, remoteParser } from './remoteService';
import { threadEnd } from './threads';

/**
 * Parsers in this thread that note how they were closed, and answer nothing once they are.
 *
 * @param started when their threads are
 */
function notedParsers(started: Promise<null> = Promise.resolve(null)) {
  const closed: string[] = [];
  const open = vi.fn((): Parser => {
    let end: (reason: Error) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      end = reject;
    });
    ended.catch(() => undefined);
    const inThread = new InThreadParser(installedCodecs);
    return {
      service: {
        ready: () => Promise.race([started, ended]),
        sortFiles: (files) => Promise.race([inThread.sortFiles(files), ended]),
        // A file that keeps its parser for ever.
        operatorTable: () => inThread.operatorTable(),
        readNetwork: () => ended,
        parseNetwork: () => ended,
        parseImages: () => ended,
      },
      close: (reason) => {
        closed.push(reason.message);
        end(reason);
      },
    };
  });
  return { open, closed };
}

const text = { name: 'a.txt', bytes: new Uint8Array([65]) };

/** A parser whose thread dies as it starts: what it is asked stays without an answer. */
function dyingParser(): Parser {
  const worker = new Worker('throw new Error("out of memory")', { eval: true });
  const { port1 } = new MessageChannel();
  const { failed, end } = threadEnd();
  worker.on('error', () => end(parserLost()));
  return {
    service: remoteParser(port1, failed),
    close: (reason) => {
      end(reason);
      port1.close();
    },
  };
}

describe('parsers that are thrown away', () => {
  it('are fresh for every set of files; the one that was prepared is used first, and the next one made ready', async () => {
    const { open, closed } = notedParsers();
    const parsing = new Parsing(open);
    parsing.prepare();
    parsing.prepare();
    expect(open).toHaveBeenCalledTimes(1);
    const { signal } = new AbortController();
    for (const count of [1, 2]) {
      const sorted = await parsing.run(signal, [text], (service) => service.sortFiles([text]));
      expect(sorted).toEqual({ ok: true, value: { network: [], images: [text] } });
      expect([open.mock.calls.length, closed.length]).toEqual([count + 1, count]);
    }
  });

  it('are opened only when they are needed where none was asked to be ready, and none once the studio is closed', async () => {
    const { open, closed } = notedParsers();
    const { signal } = new AbortController();
    const sort = (parsing: Parsing) => parsing.run(signal, [text], (service) => service.sortFiles([text]));
    await sort(new Parsing(open));
    expect([open.mock.calls.length, closed.length]).toEqual([1, 1]);
    const prepared = new Parsing(open);
    prepared.prepare();
    const work = sort(prepared);
    prepared.close();
    await work;
    expect(open.mock.calls.length).toBe(2);
    expect(closed.length).toBeGreaterThanOrEqual(2);
  });

  it('are ended when the person cancels', async () => {
    const { open, closed } = notedParsers();
    const controller = new AbortController();
    const work = new Parsing(open).run(controller.signal, [text], (service) =>
      service.parseNetwork([text], {}),
    );
    controller.abort();
    expect(await work).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(closed).not.toEqual([]);
  });

  it('are ended with a sentence when they take too long', async () => {
    vi.useFakeTimers();
    try {
      const { open } = notedParsers();
      const { signal } = new AbortController();
      const work = new Parsing(open).run(signal, [text], (service) => service.parseNetwork([text], {}));
      await vi.advanceTimersByTimeAsync(secondsFor([text]) * 1000);
      expect(await work).toMatchObject({
        ok: false,
        failure: {
          code: 'unreadable-file',
          message:
            'a.txt: expected to be read within 121 seconds at this size, found no end and stopped reading; the file may be damaged, so copy or export it again.',
        },
      });
    } finally {
      vi.useRealTimers();
    }
  });

  it('are given as long once they have started, and are others where they never start', async () => {
    vi.useFakeTimers();
    try {
      const late = notedParsers(new Promise((resolve) => setTimeout(() => resolve(null), 60_000)));
      const { signal } = new AbortController();
      const sort = ({ open }: typeof late) =>
        new Parsing(open).run(signal, [text], (service) => service.sortFiles([text]));
      const sorted = sort(late);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await sorted).toMatchObject({ ok: true });
      const never = notedParsers(new Promise(() => undefined));
      const failed = sort(never);
      await vi.advanceTimersByTimeAsync(240_000);
      expect(await failed).toMatchObject({ ok: false, failure: { code: 'unreadable-file' } });
      expect(never.open).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('may take longer for more bytes and for more files, but not for ever', () => {
    const file = (bytes: number) => ({ name: 'a', bytes: { length: bytes } as Uint8Array });
    expect(secondsFor([])).toBe(120);
    expect(secondsFor([file(50e6), file(50e6)])).toBe(321);
    expect(secondsFor(Array.from({ length: 10_000 }, () => file(1)))).toBe(321);
    expect(secondsFor([file(1e12)])).toBe(1800);
  });

  it('read the next files, too, where that is asked for and no fault was met', async () => {
    const { open, closed } = notedParsers();
    const parsing = new Parsing(open, true);
    parsing.prepare();
    const { signal } = new AbortController();
    const sort = (bytes: Uint8Array) =>
      parsing.run(signal, [], (service) => service.sortFiles([{ name: 'a.zip', bytes }]));
    await sort(text.bytes);
    await sort(text.bytes);
    expect([open.mock.calls.length, closed.length]).toEqual([1, 0]);
    const damaged = Uint8Array.of(0x50, 0x4b, 3, 4, 0);
    expect(await sort(damaged)).toMatchObject({ ok: false });
    expect([open.mock.calls.length, closed.length]).toEqual([2, 1]);
  });

  it('are ended with the studio', async () => {
    const parsing = new Parsing(notedParsers().open);
    const work = parsing.run(new AbortController().signal, [text], (service) =>
      service.parseNetwork([text], {}),
    );
    parsing.close();
    expect(await work).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });

  it('fail the files, not the studio, when they die', async () => {
    const parsing = new Parsing(dyingParser);
    const outcome = await parsing.run(new AbortController().signal, [text], (service) =>
      service.sortFiles([text]),
    );
    const message =
      'a.txt: expected to be read, found that 2 readers stopped over it, most likely for lack of memory; it may be damaged or too large, so copy it again or open a part of it.';
    expect(outcome).toEqual({ ok: false, failure: { code: 'unreadable-file', message } });
  });

  it.each([0, 1, 2, 3])('are tried once more where they die: %i die', async (deaths) => {
    const { open, closed } = notedParsers();
    let opened = 0;
    const parsing = new Parsing(() => (++opened <= deaths ? dyingParser() : open()));
    parsing.prepare();
    const outcome = await parsing.run(new AbortController().signal, [text], (service) =>
      service.sortFiles([text]),
    );
    expect(outcome).toMatchObject(
      deaths < 2
        ? { ok: true, value: { images: [text] } }
        : {
            ok: false,
            failure: {
              code: 'unreadable-file',
              message: expect.stringMatching(
                /^a\.txt: expected to be read, found that 2 readers stopped/,
              ) as string,
            },
          },
    );
    // None is left that reads, and one is ready.
    expect(opened).toBe(Math.min(deaths, 2) + (deaths < 2 ? 2 : 1));
    expect(closed.length).toBe(deaths < 2 ? 1 : 0);
  });
});
