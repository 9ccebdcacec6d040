import type { Studio } from '../../../workers/protocol/studio';
import { outcomeOf } from '../../network/failure';
import type { Caches } from '../../project/caches';
import { measureWholeFigure } from '../../project/figure';
import { imageParts } from '../../project/images';
import type { JobRunner } from '../../project/jobRunner';
import { onlyJob } from '../../project/jobStatus';
import type { ProjectState } from '../../project/state';
import type { Supervisor } from '../../project/supervisor';
import { projectStoreOf, type StudioStore } from '../store/store';

/** Measures every method's plan at every target of the figure, one after the other. */
export async function measureFigure(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  caches: Caches,
  supervisor: Supervisor,
): Promise<void> {
  const project = projectStoreOf(store);
  const { getState } = project;
  if (!imageParts(getState())?.report) return;
  await jobs.run<null>(onlyJob('figure'), 'Measuring the whole figure', (signal, onProgress) => {
    const record = (change: (state: ProjectState) => ProjectState) => project.setState(change);
    const update: typeof record = (change) => {
      if (!signal.aborted) record(change);
    };
    const tools = { studio, caches, signal, onProgress, getState, update, record };
    return outcomeOf(async () => {
      await supervisor.whenFactored();
      return measureWholeFigure(tools);
    });
  });
}
