import type { FailureCode } from '../../network/failure';
import { onlyJob, withStatus } from '../../project/jobStatus';
import type { StudioStore } from '../store/store';

/** Says what went wrong with the compute threads though the work goes on: it stands where the backend is. */
export function noteBackend(store: StudioStore, title: string, code: FailureCode, message: string): void {
  const status = { state: 'failed', title, failure: { code, message } } as const;
  store.setState(({ jobs }) => ({ jobs: withStatus(jobs, onlyJob('backend'), status) }));
}
