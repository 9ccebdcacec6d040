import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import styles from './FirstVisit.module.css';

/** What a step points at, by the names that base.css marks. */
const steps = [
  { at: 'target', text: 'Drag the target' },
  { at: 'methods', text: 'compare the methods' },
  { at: 'download', text: 'download the best one' },
] as const;

/** Over the sample that a first visit opens: what this is, and three steps that point at where they are done. */
export function FirstVisit() {
  const isShown = useStudio(({ ui, samples, network }) =>
    Boolean(ui.isFirstVisit && network && samples.opened[network.summary.fingerprint]),
  );
  const { endFirstVisit } = useActions();
  return (
    <div className={styles.place}>
      {isShown && (
        <section className={styles.strip} aria-label="First visit">
          <p>This network is a working sample; open your own at the top.</p>
          <ol>
            {steps.map(({ at, text }) => (
              <li key={at}>
                <button
                  type="button"
                  onPointerEnter={() => pointAt(at)}
                  onPointerLeave={() => pointAt(null)}
                  onFocus={() => pointAt(at)}
                  onBlur={() => pointAt(null)}
                  onClick={() => showPlace(at)}
                >
                  {text}
                </button>
              </li>
            ))}
          </ol>
          <Button onClick={endFirstVisit}>Got it</Button>
        </section>
      )}
    </div>
  );
}

/** Marks a place of the page; base.css says how. */
function pointAt(place: string | null): void {
  if (place === null) delete document.documentElement.dataset['pointedAt'];
  else document.documentElement.dataset['pointedAt'] = place;
}

const selectors: Readonly<Record<string, string>> = {
  target: '[aria-label="Target"]',
  methods: '[aria-label="Methods"]',
  download: '[data-step="download"]',
};

function showPlace(place: string): void {
  pointAt(place);
  document
    .querySelector(selectors[place] ?? 'body')
    ?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
}
