import { canTimeSteps } from '../../src/engine/stepTimes';
import { layerTimesKind } from '../protocol/layerTimes';
import { timeByThemselves } from '../service/layerTimes/byThemselves';
import { timeInside } from '../service/layerTimes/inside';
import { defineRun } from './run';

/** Times a network's layers inside it where its steps can be told apart, else each by itself. */
export const layerTimesRun = defineRun(layerTimesKind, (context, task, tools) =>
  canTimeSteps() ? timeInside(context, task, tools) : timeByThemselves(context, task, tools),
);
