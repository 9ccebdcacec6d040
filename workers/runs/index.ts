import { createRegistry } from '../../src/network/registry';
import { distilCloseRun, distilGradientRun, distilJudgeRun, distilOpenRun } from './distil';
import { evaluateRun } from './evaluate';
import { exportRun } from './export';
import { factoriseLayerRun } from './factoriseLayer';
import { kernelCornerRun } from './kernelCorner';
import { latencyRun } from './latency';
import { layerTimesRun } from './layerTimes';
import { lendFactorsRun } from './lendFactors';
import { lendPatchRun } from './lendPatch';
import { plansRun } from './plans';
import { quantiseRun } from './quantise';
import { refitRun } from './refit';
import { repairCloseRun, repairJudgeRun, repairOpenRun, repairPartRun } from './repair';
import type { Run } from './run';
import { sweepTaskRun } from './sweepTask';
import { thumbnailsRun } from './thumbnails';

/** Everything that a thread can do, by the names of the kinds. */
export const runs = createRegistry<Run>('work of a thread', [
  factoriseLayerRun,
  lendFactorsRun,
  lendPatchRun,
  evaluateRun,
  sweepTaskRun,
  refitRun,
  repairOpenRun,
  repairPartRun,
  repairCloseRun,
  repairJudgeRun,
  distilOpenRun,
  distilGradientRun,
  distilJudgeRun,
  distilCloseRun,
  quantiseRun,
  exportRun,
  latencyRun,
  layerTimesRun,
  thumbnailsRun,
  kernelCornerRun,
  plansRun,
]);
