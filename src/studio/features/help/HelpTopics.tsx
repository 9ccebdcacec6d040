import { paperSpace } from '../../../enc/encModel';
import { formatPercent } from '../../../project/numbers';
import styles from './HelpDialog.module.css';
import { RepairPicture } from './RepairPicture';

const spread = formatPercent(paperSpace.spread ?? 1, 0);
const slack = formatPercent(paperSpace.slack);

/** Longer explanations of the help: repair, how ranks are searched, and how images are used. */
export function HelpTopics() {
  return (
    <div className={styles.topics}>
      <h3>Why errors add up, and what repair does</h3>
      <p>
        Cutting a layer changes its output a little. The next layer gets that changed output as its input and
        adds an error of its own, so errors add up with depth. Repair goes through the network in order and
        fits each cut layer again by least squares, so that from the inputs it really gets it answers what the
        original layer answered. It needs a few hundred images, no labels and no training, and leaves the
        ranks and the MACs as they are.
      </p>
      <RepairPicture />
      <h3>How ranks are searched</h3>
      <p>
        ENC-Model looks for the ranks with the greatest predicted quality of the whole network. The paper
        samples them for about three minutes: it groups layers, keeps one group sum in 20 and one candidate in
        100, and scores what is left, so it may miss the best. Here nothing is sampled: a dynamic program over
        cost finds the best plan and the next best ones, and the same curves always give the same answer. It
        is exact in steps of the costs’ common divisor; where that would take more than 65,536 steps, costs
        are rounded up: no plan exceeds its target, but one that only just fits may be passed over.
      </p>
      <p>
        With “All ranks” off, the space is the paper’s: ranks between ENC-Map’s answers {spread} of the MACs
        below and above the target (δs), at a cost of at most {slack} of the target below it (δm). With it on,
        every rank of every layer is open, as it is by itself where divergence drives the methods.
      </p>
      <p>
        ENC-Inf races the most promising plans on the selection images, those of the other methods always
        among them: first on small batches, then on more. One that is beaten beyond chance drops out, unless
        it is another method’s, and the best of those left wins.
      </p>
      <h3>What a layer’s quality means</h3>
      <p>
        Energy is the share of the sum of singular values (not squared) that stays; it needs no images.
        Measured accuracy runs the network with that one layer cut and counts right answers; it needs labels.
        Divergence compares the answers’ probabilities, softened so that sure answers hide nothing, with the
        original’s; it needs images, no labels, and tells apart cuts that change no answer yet.
      </p>
      <h3>Which images serve for what</h3>
      <p>
        Images are split into three parts that share none. Calibration images repair the layers, selection
        images draw the curves and decide races, and the accuracy you read comes from the report images alone.
      </p>
    </div>
  );
}
