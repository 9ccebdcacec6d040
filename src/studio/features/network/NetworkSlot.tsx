import { failureOf, onlyJob } from '../../../project/jobStatus';
import { formatBytes, formatCount } from '../../../project/numbers';
import { holdingTexts } from '../../../project/storageForms';
import { SamplesPopover } from '../gallery/SamplesPopover';
import { useActions, useStudio } from '../../context/context';
import { FailureNote } from '../../ui/FailureNote';
import { FileButton } from '../../ui/FileButton';
import { Slot } from '../../ui/Slot';
import { InputSizeForm } from './InputSizeForm';
import { OutputSelect } from './OutputSelect';

/** The loaded network and the way to open another one. */
export function NetworkSlot() {
  const network = useStudio((state) => state.network);
  const failure = useStudio((state) => failureOf(state.jobs, 'network'));
  const sampleFailure = useStudio((state) => failureOf(state.jobs, 'sample'));
  const { openNetwork, dismiss } = useActions();
  return (
    <Slot
      label="Network"
      title={network?.title ?? null}
      details={network ? <NetworkFacts /> : 'Open or drop a network: ONNX, TF.js, Keras or Caffe'}
      controls={
        <>
          <SamplesPopover />
          <FileButton label="Open network…" text="Open…" onFiles={(files) => void openNetwork(files)} />
        </>
      }
      notes={
        <>
          {failure && (
            <FailureNote failure={failure} onDismiss={() => dismiss(onlyJob('network'))}>
              {failure.code === 'needs-input-size' && <InputSizeForm />}
            </FailureNote>
          )}
          {sampleFailure && (
            <FailureNote failure={sampleFailure} onDismiss={() => dismiss(onlyJob('sample'))} />
          )}
        </>
      }
      {...(network ? { fullTitle: `${network.title} (${network.summary.name})` } : {})}
    />
  );
}

function NetworkFacts() {
  const summary = useStudio((state) => state.network?.summary);
  if (!summary) return null;
  const facts = [
    `${formatCount(summary.macs)} MACs`,
    `${formatCount(summary.parameters)} parameters`,
    formatBytes(summary.bytes),
    ...holdingTexts(summary.holding),
  ];
  return (
    <>
      {summary.formatTitle} · <OutputSelect />
      {facts.join(' · ')}
    </>
  );
}
