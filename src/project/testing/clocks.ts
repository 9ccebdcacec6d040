import type { Clock } from '../supervisor';

/** A clock that goes on when it is told to. */
export class TestClock implements Clock {
  private time = 0;
  private calls: { at: number; call: () => void }[] = [];
  now = () => this.time;
  after = (milliseconds: number, call: () => void) => {
    const entry = { at: this.time + milliseconds, call };
    this.calls.push(entry);
    return () => (this.calls = this.calls.filter((other) => other !== entry));
  };
  /** Lets time pass, and calls what is due. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const next = this.calls.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.time = next.at;
      this.calls = this.calls.filter((other) => other !== next);
      next.call();
    }
    this.time = end;
  }
}

/** A clock for which nobody waits: when everything else is done, it is already the time of the next call. */
export function hurriedClock(): Clock {
  let time = 0;
  return {
    now: () => time,
    after(milliseconds, call) {
      const due = time + milliseconds;
      const timer = setTimeout(() => {
        time = Math.max(time, due);
        call();
      }, 25);
      return () => clearTimeout(timer);
    },
  };
}
