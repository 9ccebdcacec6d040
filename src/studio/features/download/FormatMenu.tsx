import { useRef } from 'react';
import type { OfferedForm } from '../../../../workers/protocol/summaries';
import type { MethodLook } from '../../model/methods';
import { formatBytes } from '../../../project/numbers';
import type { PlanFormat } from '../../../project/planFiles';
import { chosenStorage } from '../../../project/storage';
import { holds, storageForms, storedBytes } from '../../../project/storageForms';
import { useActions, useStudio } from '../../context/context';
import { offeredForms } from '../../store/selectors';
import styles from './DownloadControl.module.css';

const planFormats: readonly { readonly format: PlanFormat; readonly title: string }[] = [
  { format: 'json', title: 'Plan as JSON' },
  { format: 'csv', title: 'Plan as CSV' },
];

/** How written files hold weights. */
function StorageSelect() {
  const offered = useStudio(offeredForms);
  const weights = useStudio((state) => chosenStorage(state).weights);
  const activations = useStudio((state) => chosenStorage(state).activations);
  const { request } = useActions();
  const forms = storageForms(offered);
  const chosen = forms.findIndex((form) => form.weights === weights && form.activations === activations);
  return (
    <label className={styles.storage}>
      <span>Weights in</span>
      <select
        value={chosen}
        title="Smaller, and rarely faster; the file is measured on the report images before it is handed out"
        onChange={(event) => {
          const form = forms[Number(event.currentTarget.value)];
          if (form) request({ weights: form.weights, activations: form.activations });
        }}
      >
        {forms.map(({ title }, index) => (
          <option key={title} value={index}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Every form of a method's network, stored as chosen, and of its plan. */
export function FormatMenu({ look, isWriting }: { readonly look: MethodLook; readonly isWriting: boolean }) {
  const forms = useStudio(offeredForms);
  const { download, downloadPlan } = useActions();
  const weights = useStudio((state) => chosenStorage(state).weights);
  const activations = useStudio((state) => chosenStorage(state).activations);
  const parameters = useStudio((state) => state.completed?.plans[look.method]?.plan.costs.parameters);
  const storage = { weights, activations };
  const list = useRef<HTMLUListElement>(null);
  const choose = (form: OfferedForm) => {
    list.current?.closest<HTMLElement>('[popover]')?.hidePopover();
    download(look.method, form);
  };
  return (
    <>
      <p className={styles.heading}>Download {look.name} as</p>
      <StorageSelect />
      <ul ref={list} className={styles.formats}>
        {forms.map((form) => (
          <li key={form.id}>
            <button
              type="button"
              aria-label={form.title}
              disabled={isWriting || !holds(form, storage)}
              title={holds(form, storage) ? undefined : `${form.title} does not hold weights so`}
              onClick={() => choose(form)}
            >
              <span>{form.title}</span>
              <span className={styles.ending}>
                {parameters !== undefined && holds(form, storage) && (
                  <span title="Predicted from the number of weights">{`≈ ${formatBytes(storedBytes(parameters, storage))} `}</span>
                )}
                {form.ending}
              </span>
            </button>
          </li>
        ))}
        {planFormats.map(({ format, title }) => (
          <li key={format}>
            <button type="button" aria-label={title} onClick={() => downloadPlan(look.method, format)}>
              <span>{title}</span>
              <span className={styles.ending}>.{format}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
