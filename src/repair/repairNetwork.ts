import type { Network } from '../network/graph';
import { fail } from '../network/failure';
import { applyPatch, emptyPatch, type Patch } from '../network/patch';
import { pauseUnlessCancelled } from '../engine/yielding';
import { runRepairCourse, type RepairCourse } from './course';
import { judgedImages, repairDivergences } from './divergence';
import { helped, meanOf, type RepairDivergence } from './judgement';
import { layersOf, refittedPatch, repairPlan, type RepairPlan, type RepairSetting } from './plan';
import type { LayerCheckpoint, RepairedLayer } from './questions';
import { RepairShare } from './share';

export type { LayerCheckpoint, RepairedLayer } from './questions';

export interface RepairRequest
  extends RepairSetting, Pick<RepairCourse, 'onLayer' | 'onProgress'>, Partial<Pick<RepairCourse, 'resume'>> {
  isCancelled?(): boolean;
}

export interface RepairResult {
  /** The repaired network, or the truncated one where repair did not help. */
  readonly network: Network;
  /** What makes it of the truncated network (see `rewriteNetwork`); empty where repair did not help. */
  readonly patch: Patch;
  readonly layers: readonly RepairedLayer[];
  readonly divergence: RepairDivergence;
  /** Whether `network` is the repaired one. */
  readonly isRepaired: boolean;
}

/**
 * Repairs a network whose layers were cut, without labels: in network order every cut layer, and every layer
 * behind one, is re-fitted by least squares so that it answers to the repaired network's values with what the
 * original network has there. A part of the images is held back at first: it chooses each layer's ridge and
 * rounds, and whether it is re-fitted at all. All in this thread; threads that share a repair get the same.
 *
 * A run that goes on from checkpoints answers, to the bit, what it would have without them.
 *
 * @throws FailureError 'invalid-request' for fewer than two images, ranks that do not fit, or checkpoints of other
 * layers, 'cancelled', 'images-do-not-fit', and the backend's faults
 */
export async function repairNetwork(request: RepairRequest): Promise<RepairResult> {
  const { network, resume = [], isCancelled } = request;
  const plan = repairPlan(request);
  assertFirstOf(resume, plan);
  const pause = pauseUnlessCancelled(() => isCancelled?.() ?? false);
  const share = new RepairShare(request);
  let checkpoints: readonly LayerCheckpoint[];
  try {
    share.accept(resume.map(({ fits }) => fits));
    checkpoints = await runRepairCourse(
      { ...request, layers: layersOf(plan), resume, pause },
      {
        moments(_, former) {
          if (former !== undefined) share.accept([former.fits]);
          return share.moments(pause);
        },
        rectified: (group, fit, of) => share.rectified(group, fit, of, pause),
        heldBackError: (group, fit) => share.heldBackError(group, fit, pause),
      },
    );
  } finally {
    share.dispose();
  }
  const patch = refittedPatch(
    plan,
    checkpoints.map(({ fits }) => fits),
  );
  const truncated = applyPatch(network, plan.truncation);
  const on = { ...request, indices: judgedImages(request.indices) };
  const repaired = applyPatch(truncated, patch);
  const divergences = await repairDivergences(network, truncated, repaired, on);
  const divergence = meanOf([divergences]);
  const isRepaired = helped(divergence);
  return {
    network: isRepaired ? repaired : truncated,
    patch: isRepaired ? patch : emptyPatch,
    layers: checkpoints.map(({ layer }) => layer),
    divergence,
    isRepaired,
  };
}

function assertFirstOf(resume: readonly LayerCheckpoint[], plan: RepairPlan): void {
  const names = layersOf(plan);
  for (const [index, { layer }] of resume.entries()) {
    const expected = names[index] ?? 'the end';
    if (layer.layer === expected) continue;
    fail(
      'invalid-request',
      `Repair cannot go on: expected ${expected}, found a checkpoint of ${layer.layer}; repair anew.`,
    );
  }
}
