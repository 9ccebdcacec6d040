import { useRef } from 'react';
import buttonStyles from '../../ui/Button.module.css';
import { Popover } from '../../ui/Popover';
import { SampleGallery } from './SampleGallery';
import styles from './SamplesPopover.module.css';

/** The gallery behind a button. */
export function SamplesPopover() {
  const content = useRef<HTMLDivElement>(null);
  const close = () => content.current?.closest<HTMLElement>('[popover]')?.hidePopover();
  return (
    <Popover
      label="Samples"
      face="Samples…"
      className={`${buttonStyles.button} ${styles.face}`}
      panelClassName={styles.panel}
      isLazy
    >
      <div ref={content}>
        <SampleGallery onChosen={close} />
      </div>
    </Popover>
  );
}
