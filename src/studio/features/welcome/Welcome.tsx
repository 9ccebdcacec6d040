import { SampleGallery } from '../gallery/SampleGallery';
import styles from './Welcome.module.css';

const steps = [
  {
    title: 'Open a network',
    text: 'A trained convolutional network as ONNX. Drop it anywhere on this page.',
  },
  {
    title: 'Drag the target',
    text: 'Say how much of the computation to keep; every layer gets its rank at once.',
  },
  {
    title: 'Measure and download',
    text: 'See the accuracy on your own images, and take the smaller file with you.',
  },
] as const;

/** What to do while nothing is loaded. */
export function Welcome() {
  return (
    <main className={styles.welcome} aria-label="Start">
      <div className={styles.content}>
        <h2>Make a trained network smaller, and see what it costs.</h2>
        <p className={styles.lead}>
          ENC Studio splits convolutions into thinner ones, finds the rank of every layer for the computation
          you can afford, and measures the result on your images. Everything runs on this machine.
        </p>
        <SampleGallery />
        <ol className={styles.steps}>
          {steps.map(({ title, text }, index) => (
            <li key={title}>
              <span className={styles.number}>{index + 1}</span>
              <h3>{title}</h3>
              <p>{text}</p>
            </li>
          ))}
        </ol>
      </div>
    </main>
  );
}
