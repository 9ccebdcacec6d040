import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import iconStyles from '../../ui/IconButton.module.css';
import { Popover } from '../../ui/Popover';
import { LinkPart } from './LinkPart';
import styles from './ShareMenu.module.css';

/** Hands out a link to the same plans, and what was found, for people who were not there. */
export function ShareMenu() {
  const isOpen = useStudio((state) => state.network !== null);
  const { downloadReport } = useActions();
  if (!isOpen) return null;
  return (
    <Popover
      label="Share"
      className={iconStyles.icon}
      panelClassName={styles.panel}
      face={
        <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentcolor" strokeWidth="1.5">
          <path
            d="M8 9.5V2M5 4.8 8 2l3 2.8M5 7H3.5v6.5h9V7H11"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      }
      isLazy
    >
      <LinkPart />
      <h2 className={styles.title}>Report</h2>
      <p className={styles.text}>
        Network, images, settings, every plan with what was measured, figures, and the command that gets all
        of it again. One file without script.
      </p>
      <div className={styles.buttons}>
        <Button onClick={() => downloadReport('html')}>HTML report</Button>
        <Button onClick={() => downloadReport('md')}>Markdown report</Button>
      </div>
    </Popover>
  );
}
