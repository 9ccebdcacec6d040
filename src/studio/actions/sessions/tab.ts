import * as v from 'valibot';
import type { Settings } from '../../../project/settings';
import type { TabNote } from '../../store/sessionRecord';
import { parseShallowJson } from '../../../network/shallowJson';

/** Which session is that of this tab. */
export interface Tab {
  id(): string | null;
  /** Goes on under a name; where another tab has it, it must be a copy under a new one. */
  take(id: string): void;
  /** Whether no other tab is at a session. */
  isFree(id: string): Promise<boolean>;
  /** Remembers where the tab is, for when it is loaded again. @param settings where the page is left with them */
  note(settings?: Settings): void;
  /** What was remembered. */
  noted(): TabNote | null;
}

const key = 'enc-studio-session';
const lockOf = (id: string) => `enc-studio-session ${id}`;
const noteSchema = v.object({
  id: v.string(),
  address: v.string(),
  left: v.exactOptional(v.object({ settings: v.unknown(), at: v.number() })),
});
/** The page that was left lets go of its session only a moment later. */
const patience = 1000;

export function createTab(): Tab {
  let current: string | null = null;
  let release: () => void = () => undefined;

  function take(id: string): void {
    release();
    current = id;
    if (!('locks' in navigator)) return;
    const held = new Promise<void>((resolve) => (release = resolve));
    void navigator.locks.request(lockOf(id), () => held).catch(() => undefined);
  }

  async function isFree(id: string): Promise<boolean> {
    if (!('locks' in navigator) || id === current) return true;
    const signal = AbortSignal.timeout(patience);
    return navigator.locks.request(lockOf(id), { signal }, () => true).catch(() => false);
  }

  function noted(): TabNote | null {
    try {
      const parsed = v.safeParse(noteSchema, parseShallowJson(sessionStorage.getItem(key) ?? 'null'));
      return parsed.success ? parsed.output : null;
    } catch {
      return null;
    }
  }

  function note(settings?: Settings): void {
    const left = settings && { left: { settings, at: Date.now() } };
    try {
      sessionStorage.setItem(key, JSON.stringify({ id: current, address: location.href, ...left }));
    } catch {
      // A browser that remembers nothing begins anew.
    }
  }

  return { id: () => current, take, isFree, note, noted };
}
