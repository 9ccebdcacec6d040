import styles from './HelpDialog.module.css';
import { RepairPicture } from './RepairPicture';

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
        For ENC-Model the paper draws rank configurations at random for about three minutes and keeps the
        best. Here a dynamic program over cost finds the best configuration exactly. “Search all ranks”
        decides whether it stays near ENC-Map, as the paper does, or looks at every rank of every layer.
      </p>
      <p>
        ENC-Inf races the most promising configurations on images: first on small batches, then on more. One
        that is beaten beyond chance drops out, and the best of those left wins.
      </p>
      <h3>What a layer’s quality means</h3>
      <p>
        Energy is the share of the squared singular values that stays; it needs no images. Measured accuracy
        runs the network with that one layer cut and counts right answers; it needs labels. Divergence
        compares the answers’ probabilities with the original’s; it needs images, no labels, and tells apart
        cuts that change no answer yet.
      </p>
      <h3>Which images serve for what</h3>
      <p>
        Images are split into three parts that share none. Calibration images repair the layers, selection
        images draw the curves and decide races, and the accuracy you read comes from the report images alone.
      </p>
    </div>
  );
}
