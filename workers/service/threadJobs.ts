/** Something that must be let go of. */
export interface Disposable {
  dispose(): void;
}

/** A job as one thread sees it: what runs of it here, and what is kept from one of its runs to the next. */
export class ThreadJob {
  isCancelled = false;
  running = 0;
  private readonly kept = new Map<string, Disposable>();

  get keepsNothing(): boolean {
    return this.kept.size === 0;
  }

  /** What an earlier run of the job has kept under this name, else what is made and kept now. */
  keep<T extends Disposable>(name: string, make: () => T): T {
    // Only the run that made it knows what lies under its name.
    const known = this.kept.get(name) as T | undefined;
    if (known) return known;
    const made = make();
    this.kept.set(name, made);
    return made;
  }

  letGo(): void {
    for (const resource of this.kept.values()) resource.dispose();
    this.kept.clear();
  }
}

/** The jobs that a thread has something to do with at the moment. */
export class ThreadJobs {
  private readonly jobs = new Map<string, ThreadJob>();

  /** Runs a unit of a job. */
  async run<T>(id: string, work: (job: ThreadJob) => Promise<T>): Promise<T> {
    const job = this.jobs.get(id) ?? new ThreadJob();
    this.jobs.set(id, job);
    job.running++;
    try {
      return await work(job);
    } finally {
      job.running--;
      this.tidy(id, job);
    }
  }

  /** Stops a job's runs at their next step and lets go of what is kept for it, once none runs. */
  cancel(id: string): void {
    const job = this.jobs.get(id);
    if (!job) return;
    job.isCancelled = true;
    this.tidy(id, job);
  }

  private tidy(id: string, job: ThreadJob): void {
    if (job.running > 0) return;
    if (job.isCancelled) job.letGo();
    if (job.keepsNothing) this.jobs.delete(id);
  }
}
