import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { chainOf, randomDense, seededNumbers } from '../src/network/testing/builders';
import { writeNetwork } from '../src/formats/models';
import { FailureError } from '../src/network/failure';
import { endingOf } from './failing';
import { printable, table } from './output';
import { createProgram } from './program';
import { encHere, runEnc } from './testing';
import { makeFolder } from './writing';

const folder = mkdtempSync(join(tmpdir(), 'enc-failing-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

describe('a command that fails under --json', () => {
  it.each([
    [new FailureError('unreadable-file', 'No\u001b[2J.'), 1, 'unreadable-file', 'No\u001b[2J.'],
    [
      new CommanderError(1, 'commander.x', "error: unknown option '--x'"),
      1,
      'invalid-request',
      "unknown option '--x'",
    ],
    [new TypeError('x is not a function'), 1, 'internal-error', 'x is not a function'],
  ])('prints one object: %s', (error, status, code, message) => {
    const ending = endingOf(error, true);
    expect(ending.status).toBe(status);
    expect(ending.stdout.trimEnd().split('\n').length).toBe(1);
    expect(JSON.parse(ending.stdout)).toEqual({ error: { code, message } });
    expect(ending.stdout + ending.stderr).not.toContain('\u001b');
    expect(endingOf(error, false)).toEqual({ ...ending, stdout: '' });
  });

  it('does so as a process, too', async () => {
    const { status, stdout, stderr } = await runEnc('inspect', path('none.onnx'), '--json');
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect([status, error.code, stderr]).toEqual([1, 'unreadable-file', `${error.message}\n`]);
  });
});

it('the version is printed, and help ends well', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const asked = createProgram().parseAsync(['--version'], { from: 'user' });
    const error = await asked.catch((thrown: unknown) => thrown);
    expect(endingOf(error, false).status).toBe(0);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(write.mock.calls).toEqual([[`${version}\n`]]);
  } finally {
    write.mockRestore();
  }
});

it.each([
  ['clear\u001b[2J', 'clear\\u001b[2J'],
  ['back\rhere', 'back\\u000dhere'],
  ['a\u202egpj.exe', 'a\\u202egpj.exe'],
  ['\u009b31mred', '\\u009b31mred'],
  ['two\nlines, é, 猫', 'two\nlines, é, 猫'],
])('what a terminal would obey is written out: %j', (text, printed) => {
  expect(printable(text)).toBe(printed);
  expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text });
});

it('a name with an end of line stays in its row', () => {
  expect(table([['layer'], ['a\nb']]).split('\n').length).toBe(2);
});

describe('places to write to', () => {
  it('that are none are named', async () => {
    writeFileSync(path('file'), '');
    await expect(makeFolder(path('file/inside'))).rejects.toThrow(
      'file/inside: expected a place that can be written to, found none (ENOTDIR); check the path and the room left.',
    );
  });

  it.each(['net.onnx', './././net.onnx'])('are not those of what is read: %s', async (name) => {
    const network = chainOf(
      [12],
      [randomDense(seededNumbers(1), 12, 9), randomDense(seededNumbers(2), 9, 4)],
    );
    const [file] = await writeNetwork(network, 'onnx');
    writeFileSync(path('net.onnx'), file!.bytes);
    copyFileSync(path('net.onnx'), path('copy.onnx'));
    const out = name.startsWith('.') ? `${folder}/${name}` : path(name);
    const sentence = `--out: expected another file than ${path('net.onnx')}, which is read, found ${out}; name another one.`;
    for (const command of [
      ['compress', path('net.onnx'), '--target', '0.9', '--method', 'map', '--out', out],
      ['curves', path('net.onnx'), '--out', out],
    ])
      await expect(encHere(...command)).rejects.toThrow(sentence);
    expect(readFileSync(path('net.onnx'))).toEqual(readFileSync(path('copy.onnx')));
  });
});
