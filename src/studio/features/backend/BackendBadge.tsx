import { failureOf, onlyJob } from '../../../project/jobStatus';
import { queryOf } from '../../../project/address';
import { withBackend } from '../../actions/location';
import { useActions, useStudio, useStudioState } from '../../context/context';
import type { StartedBackend } from '../../../project/state';
import { linkedSettings } from '../../store/transitions';
import styles from './BackendBadge.module.css';
import { FailureNote } from '../../ui/FailureNote';
import { Popover } from '../../ui/Popover';

const names: Readonly<Record<StartedBackend['backend'], string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
};

/** Which backend really runs, why, and how to insist on another one. */
export function BackendBadge() {
  const backend = useStudio((state) => state.backend);
  const failure = useStudio((state) => failureOf(state.jobs, 'backend'));
  const storage = useStudio((state) => failureOf(state.jobs, 'storage'));
  const { dismiss } = useActions();
  return (
    <div className={styles.place}>
      <Popover
        label="Compute backend"
        className={styles.badge}
        face={
          <>
            <span className={styles.light} data-state={backend ? 'on' : failure ? 'failed' : 'starting'} />
            {backend ? <BackendName backend={backend} /> : failure ? 'not running' : 'starting…'}
          </>
        }
        isLazy
      >
        <p>{backend?.reason ?? 'The compute threads are starting.'}</p>
        <BackendChoices />
      </Popover>
      {(failure ?? storage) && (
        <div className={styles.failure}>
          {failure && <FailureNote failure={failure} onDismiss={() => dismiss(onlyJob('backend'))} />}
          {storage && <FailureNote failure={storage} onDismiss={() => dismiss(onlyJob('storage'))} />}
        </div>
      )}
    </div>
  );
}

/** Links that insist on a backend and restore everything else, a page without a sample included. */
function BackendChoices() {
  const getState = useStudioState();
  const query = queryOf(linkedSettings(getState()), location.search);
  return (
    <p className={styles.choices}>
      Reload with{' '}
      {(['webgpu', 'wasm', 'cpu'] as const).map((name) => (
        <a key={name} href={withBackend(query, name)}>
          {names[name]}
        </a>
      ))}
    </p>
  );
}

/** "WebAssembly · 2 threads"; the name alone where there is no room for more. */
function BackendName({ backend }: { readonly backend: StartedBackend }) {
  return (
    <span>
      {names[backend.backend]}
      <span className={styles.details}> · {detailsText(backend)}</span>
    </span>
  );
}

function detailsText({ backend, adapter, threads }: StartedBackend): string {
  if (backend !== 'webgpu') return `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return [adapter?.vendor, adapter?.architecture].filter(Boolean).join(' ') || 'unnamed adapter';
}
