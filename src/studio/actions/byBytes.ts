import { bytesTask } from '../../project/byBytes';
import type { JobRunner } from '../../project/jobRunner';
import { keyOfKind } from '../../project/jobStatus';
import { measuringBytes } from '../../project/kinds';
import type { Supervisor } from '../../project/supervisor';
import type { StudioStore } from '../store/store';

/** What a person can do about accuracy by bytes. */
export function createByBytes(store: StudioStore, jobs: JobRunner, supervisor: Supervisor) {
  return {
    measureByBytes: () => {
      const task = bytesTask(store.getState());
      if (task) void supervisor.ensure(measuringBytes, task);
    },
    stopByBytes: () => {
      const kind = measuringBytes;
      const key = keyOfKind(store.getState().jobs, kind);
      if (key !== null) jobs.cancel({ kind, key }, 'studio');
    },
  };
}
