import type { SpreadStepTools } from '../jobs/job';

/** What a step that is spread over threads is given where nobody listens and nothing was done before. */
export const quietTools: SpreadStepTools = {
  onProgress: () => undefined,
  onEvent: () => undefined,
  resume: undefined,
  signal: new AbortController().signal,
};
