import { useActions } from '../../context/context';
import buttonStyles from '../../ui/Button.module.css';
import { Button } from '../../ui/Button';
import { Popover } from '../../ui/Popover';
import styles from './ReportMenu.module.css';

/** Hands out what was found, for people who were not there. */
export function ReportMenu() {
  const { downloadReport } = useActions();
  return (
    <Popover
      label="Report"
      className={buttonStyles.button}
      panelClassName={styles.panel}
      face="Report…"
      isLazy
    >
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
