import { useActions } from '../../context/context';
import buttonStyles from '../../ui/Button.module.css';
import { Button } from '../../ui/Button';
import { Popover } from '../../ui/Popover';
import { LinkPart } from './LinkPart';
import styles from './ShareMenu.module.css';

/** Hands out a link to the same plans, and what was found, for people who were not there. */
export function ShareMenu() {
  const { downloadReport } = useActions();
  return (
    <Popover
      label="Share"
      className={buttonStyles.button}
      panelClassName={styles.panel}
      face="Share…"
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
