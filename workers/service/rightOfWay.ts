/** Lets background work in a thread step aside while a person waits for something else in the same thread. */
export class RightOfWay {
  private foreground = 0;
  private waiting: (() => void)[] = [];

  /** Runs work that a person waits for. */
  async foregroundWork<T>(work: () => Promise<T>): Promise<T> {
    this.foreground++;
    try {
      return await work();
    } finally {
      this.foreground--;
      if (this.foreground === 0) for (const go of this.waiting.splice(0)) go();
    }
  }

  /** Resolves once no such work is under way. */
  async clear(): Promise<void> {
    while (this.foreground > 0) await new Promise<void>((go) => this.waiting.push(go));
  }
}
