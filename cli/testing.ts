import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createProgram } from './program';

/** What a run of the command line left behind. */
export interface CliRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const main = fileURLToPath(new URL('./enc.mjs', import.meta.url));

/** Runs `enc` as a process of its own, the way a person does. */
export function runEnc(...args: string[]): Promise<CliRun> {
  return runEncWith({}, ...args);
}

/** The same with more in its environment. */
export function runEncWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...env } };
    const child = spawn(process.execPath, [main, ...args], options);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status !== 0) noteRefusalOf(stderr);
      resolve({ status, stdout, stderr });
    });
  });
}

/** For the list of refusals (see scripts/refusals): what another process says leaves no stack here. */
function noteRefusalOf(stderr: string): void {
  const { noteRefusal } = globalThis as { noteRefusal?: (told: { message: string; stack: string }) => void };
  const message = stderr.trim().split('\n').at(-1) ?? '';
  noteRefusal?.({ message, stack: '\nin another process' });
}

/** Runs `enc … --json`, expects success and exactly one JSON object on stdout. */
export async function encJson<T>(...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await runEnc(...args, '--json');
  if (status !== 0) throw new Error(`enc ${args.join(' ')} ended with ${status}: ${stderr}`);
  const lines = stdout.trimEnd().split('\n');
  if (lines.length !== 1)
    throw new Error(`enc ${args.join(' ')}: expected one line on stdout, got ${lines.length}`);
  return JSON.parse(lines[0]!) as T;
}

/**
 * The same in this process, without starting another: what is registered here counts. Answers the object that was
 * printed; a failure is thrown.
 */
export async function encHere<T>(...args: string[]): Promise<T> {
  const write = process.stdout.write.bind(process.stdout);
  let printed = '';
  process.stdout.write = (text: string | Uint8Array) => {
    printed += String(text);
    return true;
  };
  try {
    await createProgram().parseAsync([...args, '--json'], { from: 'user' });
  } finally {
    process.stdout.write = write;
  }
  return JSON.parse(printed) as T;
}
