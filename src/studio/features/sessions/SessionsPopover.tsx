import { useEffect, useRef } from 'react';
import { formatBytes } from '../../../project/numbers';
import type { Glance } from '../../store/sessionRecord';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import { FileButton } from '../../ui/FileButton';
import iconStyles from '../../ui/IconButton.module.css';
import { Popover } from '../../ui/Popover';
import { Switch } from '../../ui/Switch';
import { timeText } from './times';
import styles from './SessionsPopover.module.css';

/** The session's file, recent sessions, and what they take. */
export function SessionsPopover() {
  return (
    <Popover
      label="Sessions"
      className={iconStyles.icon}
      panelClassName={styles.panel}
      face={
        <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentcolor" strokeWidth="1.5">
          <path d="M2 4.5h4l1.5 2H14v6.5H2zM4 4.5V3h8v3.5" strokeLinejoin="round" />
        </svg>
      }
      isLazy
    >
      <Sessions />
    </Popover>
  );
}

function Sessions() {
  const content = useRef<HTMLDivElement>(null);
  const { listSessions, saveSession, openSessionFile } = useActions();
  const isOpen = useStudio((state) => state.network !== null);
  const savedAt = useStudio((state) => state.session.savedAt);
  useEffect(() => void listSessions(), [listSessions, savedAt]);
  const close = () => content.current?.closest<HTMLElement>('[popover]')?.hidePopover();
  return (
    <div ref={content} className={styles.content}>
      <h2>Sessions</h2>
      <p className={styles.text} role="status">
        {savedAt === null
          ? 'A session is saved in this browser by itself, as soon as a network is open.'
          : `Saved in this browser ${timeText(savedAt)}.`}
      </p>
      <p className={styles.buttons}>
        <Button disabled={!isOpen} onClick={() => void saveSession()}>
          Save to a file
        </Button>
        <FileButton
          label="Open a session’s file…"
          text="Open a file…"
          onFiles={(files) => {
            void openSessionFile(files);
            close();
          }}
        />
      </p>
      <Recent onChosen={close} />
      <Keeping />
    </div>
  );
}

function Recent({ onChosen }: { readonly onChosen: () => void }) {
  const list = useStudio((state) => state.session.list);
  const id = useStudio((state) => state.session.id);
  if (!list || list.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Recent sessions">
      {list.map((glance) => (
        <Entry key={glance.id} glance={glance} isOpen={glance.id === id} onChosen={onChosen} />
      ))}
    </ul>
  );
}

interface EntryProps {
  readonly glance: Glance;
  readonly isOpen: boolean;
  readonly onChosen: () => void;
}

function Entry({ glance, isOpen, onChosen }: EntryProps) {
  const { openSession, deleteSession } = useActions();
  const { id, title, state, savedAt } = glance;
  const choose = () => {
    void openSession(id);
    onChosen();
  };
  return (
    <li className={styles.entry} data-open={isOpen}>
      <Ranks ranks={glance.ranks} />
      <div className={styles.about}>
        <p className={styles.title} title={title}>
          {title}
        </p>
        <p className={styles.text}>{state}</p>
        <p className={styles.text}>{isOpen ? 'open now' : timeText(savedAt)}</p>
      </div>
      {!isOpen && (
        <>
          <Button aria-label={`Go on with ${title}`} onClick={choose}>
            Open
          </Button>
          <Button look="quiet" aria-label={`Delete ${title}`} onClick={() => void deleteSession(id)}>
            Delete
          </Button>
        </>
      )}
    </li>
  );
}

/** The plan in small: a bar for each layer, as high as its rank's share of the largest. */
function Ranks({ ranks }: { readonly ranks: readonly number[] }) {
  const width = 48 / Math.max(1, ranks.length);
  return (
    <svg className={styles.ranks} viewBox="0 0 48 32" aria-hidden="true">
      {ranks.map((share, index) => (
        <rect
          key={index}
          x={index * width}
          y={32 - 32 * Math.min(1, share)}
          width={Math.max(0.5, width * 0.75)}
          height={32 * Math.min(1, share)}
        />
      ))}
    </svg>
  );
}

/** Whether files are kept, and what everything takes. */
function Keeping() {
  const canKeep = useStudio((state) => state.session.canKeepFiles);
  const keeps = useStudio((state) => state.session.keepsFiles === true);
  const used = useStudio((state) => state.session.used);
  const { keepFiles } = useActions();
  return (
    <div className={styles.keeping}>
      {canKeep ? (
        <p className={styles.switch}>
          <Switch label="Keep files in this browser" isOn={keeps} onChange={(isOn) => void keepFiles(isOn)} />
          <span aria-hidden="true">Keep files in this browser, 1 GB at most</span>
        </p>
      ) : (
        <p className={styles.text}>This browser keeps no files: after a reload they are asked for by name.</p>
      )}
      {used && (
        <p className={styles.text}>
          Files of sessions take {formatBytes(used.files)}
          {used.all === null ? '' : `, everything of the studio in this browser ${formatBytes(used.all)}`}.
        </p>
      )}
    </div>
  );
}
