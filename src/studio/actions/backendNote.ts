import type { FailureCode } from '../../network/failure';
import { onlyJob, withStatus } from '../../project/jobStatus';
import type { StudioStore } from '../store/store';

/** Says what went wrong with the compute threads though the work goes on: it stands where the backend is. */
export function noteBackend(store: StudioStore, title: string, code: FailureCode, message: string): void {
  const status = { state: 'failed', title, failure: { code, message } } as const;
  store.setState(({ jobs }) => ({ jobs: withStatus(jobs, onlyJob('backend'), status) }));
}

/**
 * Says that what is measured cannot be kept, once for each reason.
 *
 * @param problem null where something was kept
 */
export function noteStorage(store: StudioStore, problem: string | null): void {
  const { storageProblem } = store.getState();
  if (problem === storageProblem) return;
  const failure = { code: 'storage-refused', message: problem ?? '' } as const;
  const status =
    problem === null ? null : ({ state: 'failed', title: 'Keeping what is measured', failure } as const);
  store.setState(({ jobs }) => ({
    storageProblem: problem,
    jobs: withStatus(jobs, onlyJob('storage'), status),
  }));
}
