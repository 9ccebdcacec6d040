import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { pythonWith } from '../python';

/** A PyTorch program that answers every line it is given with a line of JSON. */
export class TorchProcess {
  readonly #answers: AsyncIterator<string>;

  private constructor(
    private readonly process: ChildProcessByStdio<Writable, Readable, null>,
    private readonly folder: string,
  ) {
    this.#answers = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  }

  /**
   * Starts a program of this folder on a folder of its own.
   *
   * @param write fills that folder
   * @returns the process and its first answer; null where PyTorch is missing
   */
  static async start<Setting>(
    program: string,
    threads: number,
    write: (folder: string) => void,
  ): Promise<{ process: TorchProcess; setting: Setting } | null> {
    const python = pythonWith('torch');
    if (python === null) return null;
    const folder = mkdtempSync(join(tmpdir(), 'enc-torch-'));
    write(folder);
    const script = fileURLToPath(new URL(program, import.meta.url));
    const child = spawn(python, [script, folder, String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const process = new TorchProcess(child, folder);
    return { process, setting: await process.#answer<Setting>() };
  }

  /** @throws Error where the program ended */
  async ask<T>(line: string): Promise<T> {
    this.process.stdin.write(`${line}\n`);
    return this.#answer<T>();
  }

  /** Ends the process. */
  close(): void {
    this.process.stdin.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #answer<T>(): Promise<T> {
    const line = await this.#answers.next();
    if (line.done) throw new Error('PyTorch stopped before its answer');
    return JSON.parse(line.value) as T;
  }
}
