import type { Role } from '../../store/sessionRecord';
import type { AskedSession } from '../../store/state';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import { FileButton } from '../../ui/FileButton';
import { timeText } from './times';
import styles from './AskedFiles.module.css';

const nouns: Readonly<Record<Role, string>> = {
  network: 'Network',
  images: 'Images',
  tuning: 'Calibration images',
};

/** Asks for the files of a session that the browser does not keep: with them it goes on where it was. */
export function AskedFiles({ asked }: { readonly asked: AskedSession }) {
  const { forgetAsked } = useActions();
  const canKeep = useStudio((state) => state.session.canKeepFiles && state.session.keepsFiles !== true);
  const { record, found, failures } = asked;
  const roles = Object.keys(nouns) as Role[];
  return (
    <main className={styles.asked} aria-label="Session">
      <div className={styles.content}>
        <h2>Your session is here. Open its files to go on.</h2>
        <p className={styles.lead}>
          {record.title}, saved {timeText(record.savedAt)}. {record.state}. Settings, measurements and repairs
          are kept; the files are not. Drop them anywhere on this page, or open them here.
        </p>
        <ul className={styles.files}>
          {roles.flatMap((role) => {
            const source = record.sources[role];
            if (!source) return [];
            const names = source.kind === 'files' ? source.names : [`of the sample ${source.name}`];
            return [
              <li key={role}>
                <span className={styles.role}>{nouns[role]}</span>
                <span className={styles.name}>{namesText(names)}</span>
                {found.includes(role) ? (
                  <span className={styles.found}>here</span>
                ) : (
                  <SupplyButton role={role} />
                )}
                {failures[role] && (
                  <p className={styles.failure} role="alert">
                    {failures[role].message}
                  </p>
                )}
              </li>,
            ];
          })}
        </ul>
        <Button onClick={() => forgetAsked()}>Begin anew</Button>
        {canKeep && (
          <p className={styles.hint}>
            Next time a reload can bring the files back by itself: let the browser keep them, under Sessions.
          </p>
        )}
      </div>
    </main>
  );
}

function SupplyButton({ role }: { readonly role: Role }) {
  const { supplyFiles } = useActions();
  return (
    <FileButton
      label={`Open the session’s ${nouns[role].toLowerCase()}…`}
      text="Open…"
      onFiles={(files) => void supplyFiles(role, files)}
    />
  );
}

function namesText(names: readonly string[]): string {
  const short = names.map((name) => name.slice(name.lastIndexOf('/') + 1));
  const [first = '', ...more] = short;
  return more.length === 0 ? first : more.length < 3 ? short.join(', ') : `${first} and ${more.length} more`;
}
