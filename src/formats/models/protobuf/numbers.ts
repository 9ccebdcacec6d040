import { MalformedMessage } from './schema';

/** Gathers a repeated float or double field, whose values may come one by one or in packed runs. */
export class NumberCollector {
  private readonly values: number[] = [];
  private readonly runs: (Float32Array | Float64Array)[] = [];

  constructor(private readonly single: boolean) {}

  add(value: number): void {
    this.values.push(value);
  }

  addPacked(bytes: Uint8Array, where: string): void {
    const width = this.single ? 4 : 8;
    if (bytes.length % width !== 0) {
      throw new MalformedMessage(where, `${bytes.length} bytes are no whole number of ${width}-byte values`);
    }
    this.flush();
    const aligned = bytes.slice().buffer;
    this.runs.push(this.single ? new Float32Array(aligned) : new Float64Array(aligned));
  }

  finish(): Float32Array | Float64Array {
    this.flush();
    const [only] = this.runs;
    if (only && this.runs.length === 1) return only;
    const joined = this.allocate(this.runs.reduce((sum, run) => sum + run.length, 0));
    let at = 0;
    for (const run of this.runs) {
      joined.set(run, at);
      at += run.length;
    }
    return joined;
  }

  private allocate(length: number): Float32Array | Float64Array {
    return this.single ? new Float32Array(length) : new Float64Array(length);
  }

  private flush(): void {
    if (this.values.length === 0) return;
    const run = this.allocate(this.values.length);
    run.set(this.values);
    this.runs.push(run);
    this.values.length = 0;
  }
}
