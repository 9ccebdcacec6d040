import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { configureGlobal } from 'fast-check';

/** What a test provoked. */
export interface Provoked {
  readonly code: string;
  readonly message: string;
  /** Where it was made: the innermost places of the stack. */
  readonly stack: string;
}

/** Where tests write what they provoked, a line each; set by the script that makes the list. */
const folder = process.env['REFUSALS'];
const provoked = new Map<string, Provoked>();

if (folder) {
  // The same inputs in every run, so that the same sentences come.
  configureGlobal({ seed: 1 });
  Object.assign(globalThis, {
    noteRefusal({ code = '', message, stack = '' }: Error & { readonly code?: string }) {
      const key = `${code} ${message}`;
      if (!provoked.has(key))
        provoked.set(key, { code, message, stack: stack.split('\n').slice(1, 12).join('\n') });
    },
  });
  afterAll(() => {
    mkdirSync(folder, { recursive: true });
    const lines = [...provoked.values()].map((one) => `${JSON.stringify(one)}\n`);
    appendFileSync(join(folder, `${process.pid}.jsonl`), lines.join(''));
    provoked.clear();
  });
}
