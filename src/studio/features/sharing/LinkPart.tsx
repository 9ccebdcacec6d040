import { useRef, useState } from 'react';
import { shareLink } from '../../actions/location';
import { useStudio } from '../../context/context';
import { shownSample } from '../../store/samplesState';
import { isTooLongForAddress } from '../../store/selectors';
import { Button } from '../../ui/Button';
import styles from './ShareMenu.module.css';

/** The address with every setting, to be copied. */
export function LinkPart() {
  const link = useStudio((state) => shareLink(state, location.href));
  const isSample = useStudio((state) => shownSample(state) !== null);
  const name = useStudio((state) => state.document.network?.name ?? null);
  const isTooLong = useStudio(isTooLongForAddress);
  const field = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState<{ readonly link: string; readonly text: string } | null>(null);

  async function copy(): Promise<void> {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(link);
      setSaid({ link, text: 'Copied.' });
    } catch {
      // Not every browser, and no insecure page, lets scripts write there.
      setSaid({ link, text: 'The browser lets no page copy here: the link is selected, press Ctrl+C.' });
    }
  }

  return (
    <>
      <h2 className={styles.title}>Link</h2>
      <p className={styles.text}>
        Every setting that decides about plans, those of single layers included.{' '}
        {isSample || name === null
          ? 'Whoever opens it finds the same plans.'
          : `It holds no files: whoever opens it needs ${name}, too.`}
        {isTooLong && ' What is decided about layers is too long for it: save the session to a file instead.'}
      </p>
      <div className={styles.link}>
        <input
          ref={field}
          aria-label="Link"
          readOnly
          value={link}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button onClick={() => void copy()}>Copy link</Button>
      </div>
      <p className={styles.text} role="status">
        {/* About this link: another is not copied yet. */}
        {said?.link === link ? said.text : ''}
      </p>
    </>
  );
}
