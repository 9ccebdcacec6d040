import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isToday, ofToday } from '../scripts/ofToday';
import { writeNetwork } from '../src/formats/models';
import { smallResidualNetwork } from '../src/network/testing/builders';
import { encHere, runEncWith } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const toy = fileURLToPath(new URL('./toys/killed.ts', import.meta.url));
const model = join(folder, 'model.onnx');
const sample = ['sample:residual', '--data', 'sample:residual'];
const few = ['--images', '24', '--threads', '1'];
const swept = [...sample, '--images', '24', '--ranks', '2', '--exhaustive', '--threads', '1'];

beforeAll(async () => {
  const [file] = await writeNetwork(smallResidualNetwork(), 'onnx');
  writeFileSync(model, file!.bytes);
  await encHere('sweep', ...swept, '--out', join(folder, 'measured'));
});

/** Everything below a folder, by name: the same before and after is nothing lost. */
function contentOf(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return Object.fromEntries(
    names.map((each) => {
      const own = join(each.parentPath, each.name);
      return [own.slice(path.length + 1), readFileSync(own, 'latin1')];
    }),
  );
}

const isAside = (name: string) => name.endsWith('.part');

/** Every command that writes: its arguments for a folder, what is there already, and the file that it is killed at. */
const writers: readonly {
  readonly what: string;
  readonly args: (out: string) => readonly string[];
  readonly old: readonly string[];
  readonly at: string;
  readonly moment: 'half' | 'renaming';
}[] = [
  {
    what: 'a network as one file',
    args: (out) => ['compress', model, '--target', '0.6', '--out', join(out, 'small.onnx')],
    ...{ old: ['small.onnx'], at: 'small.onnx', moment: 'half' },
  },
  {
    what: 'a network as a folder of files',
    args: (out) => ['compress', 'sample:residual', '--target', '0.6', '--out', join(out, 'web')],
    ...{ old: ['web/model.json', 'web/group1-shard1of1.bin'], at: 'group1-shard1of1.bin', moment: 'half' },
  },
  {
    what: 'curves',
    args: (out) => ['curves', model, '--out', join(out, 'curves.json')],
    ...{ old: ['curves.json'], at: 'curves.json', moment: 'renaming' },
  },
  {
    what: 'results of a sweep',
    args: (out) => ['sweep', ...swept, '--out', join(out, 'results')],
    ...{ old: [], at: '', moment: 'half' },
  },
  {
    what: 'merged results',
    args: (out) => ['merge', join(folder, 'measured'), '--out', join(out, 'merged.json')],
    ...{ old: ['merged.json'], at: 'merged.json', moment: 'half' },
  },
  {
    what: 'a figure',
    args: (out) => [
      ...['figure', ...sample, ...few, '--targets', '0.5', '--methods', 'uniform'],
      ...['--out', join(out, 'figure.json'), '--svg', join(out, 'figure.svg')],
    ],
    ...{ old: ['figure.json', 'figure.svg'], at: 'figure.svg', moment: 'renaming' },
  },
];

describe('kill -9 in the midst of writing', () => {
  it.each(ofToday(writers, 6))(
    '$what leaves the old file, and the next run writes the new one',
    async (writer) => {
      const { what, args, old, at, moment } = writer;
      const out = join(folder, what.replaceAll(' ', '-'));
      mkdirSync(join(out, 'web'), { recursive: true });
      for (const name of old) writeFileSync(join(out, name), `old ${name}`);
      const env = { ENC_EXTENSIONS: toy, KILL_AT: at, KILL_MOMENT: moment };
      const { status } = await runEncWith(env, ...args(out));
      // Ended by a signal.
      expect(status).toBeNull();
      const left = contentOf(out);
      expect(Object.keys(left).filter(isAside).length).toBeGreaterThan(0);
      const whole = Object.entries(left).filter(([name]) => !isAside(name));
      // Of several files, those before the one that it was killed at may be new.
      expect(left[at] ?? `old ${at}`).toBe(`old ${at}`);
      expect(whole.map(([name]) => name).sort()).toEqual([...old].sort());
      await encHere(...args(out));
      const after = contentOf(out);
      expect(Object.keys(after).filter(isAside)).toEqual([]);
      for (const name of old) expect(after[name]).not.toBe(`old ${name}`);
      expect(Object.keys(after).length).toBeGreaterThan(0);
    },
  );

  it.runIf(isToday(0, 3))('what a project has found stays', async () => {
    const project = join(folder, 'project', 'project.json');
    mkdirSync(join(folder, 'project'));
    const args = [
      ...['work', ...sample, '--calibration', 'sample:residual', '--split', '24,12', '--jobs', 'measure'],
      ...['--project', project],
    ];
    await encHere(...args);
    const before = contentOf(join(folder, 'project'));
    const env = { ENC_EXTENSIONS: toy, KILL_AT: 'project.json', KILL_MOMENT: 'half' };
    expect((await runEncWith(env, ...args)).status).toBeNull();
    expect(readFileSync(project, 'latin1')).toBe(before['project.json']);
  });

  it.runIf(isToday(1, 3))('factors that were being kept are as good as none', async () => {
    const cache = join(folder, 'cache');
    const args = ['curves', 'sample:residual', '--json'];
    const killed = { ENC_CACHE: cache, ENC_EXTENSIONS: toy, KILL_AT: '', KILL_MOMENT: 'half' };
    const { status } = await runEncWith(killed, ...args);
    // Layers that are sooner factorised than looked for are not kept at all.
    if (status === 0) return expect(existsSync(cache)).toBe(false);
    expect(Object.keys(contentOf(cache)).every(isAside)).toBe(true);
    cpSync(cache, `${cache}-before`, { recursive: true });
    expect((await runEncWith({ ENC_CACHE: cache }, ...args)).status).toBe(0);
    expect(Object.keys(contentOf(cache)).filter(isAside)).toEqual([]);
  });
});

describe('a signal that asks to end in the midst of writing', () => {
  it.each(ofToday(['SIGINT', 'SIGTERM'] as const, 2))(
    '%s leaves the old file alone, and says so',
    async (signal) => {
      const out = join(folder, signal);
      mkdirSync(out);
      writeFileSync(join(out, 'small.onnx'), 'old');
      const env = { ENC_EXTENSIONS: toy, KILL_AT: 'small.onnx', KILL_MOMENT: 'half', KILL_SIGNAL: signal };
      const args = ['compress', model, '--target', '0.6', '--out', join(out, 'small.onnx'), '--json'];
      const { status, stdout, stderr } = await runEncWith(env, ...args);
      expect(status).toBe(signal === 'SIGINT' ? 130 : 143);
      const message = `Stopped by ${signal}: what was being written was removed; run the same command again.`;
      expect(JSON.parse(stdout)).toEqual({ error: { code: 'cancelled', message } });
      expect(stderr.trimEnd().endsWith(message)).toBe(true);
      expect(contentOf(out)).toEqual({ 'small.onnx': 'old' });
    },
  );
});
