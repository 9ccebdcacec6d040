import { misfit } from '../../../project/measurements';
import { failureOf, onlyJob } from '../../../project/jobStatus';
import { formatInteger } from '../../../project/numbers';
import { matchingText } from './matching';
import { originText } from '../preprocessing/detection';
import { detectionNote } from '../../store/selectors';
import { measuring } from '../../../project/kinds';
import { useActions, useStudio } from '../../context/context';
import { AssumptionsPopover } from '../assumptions/AssumptionsPopover';
import { Button } from '../../ui/Button';
import { FailureNote } from '../../ui/FailureNote';
import { FileButton } from '../../ui/FileButton';
import { PreprocessingControl } from '../preprocessing/PreprocessingControl';
import { Slot } from '../../ui/Slot';
import { SplitControl } from '../split/SplitControl';

/** The loaded images, how they are prepared for the network, and the way to open others. */
export function ImagesSlot() {
  const images = useStudio((state) => state.images);
  const { openImages, lookAtImages } = useActions();
  return (
    <Slot
      label="Images"
      title={images?.name ?? null}
      details={images ? <ImagesFacts /> : 'Open or drop pictures, CIFAR, MNIST or NumPy files'}
      controls={
        <>
          <Button
            aria-label="Look at the images"
            title="Look at the images"
            disabled={!images}
            onClick={() => lookAtImages()}
          >
            Look
          </Button>
          <SplitControl />
          <PreprocessingControl />
          <FileButton label="Open images…" text="Open…" onFiles={(files) => void openImages(files)} />
        </>
      }
      notes={<ImagesNotes />}
    />
  );
}

function ImagesFacts() {
  const images = useStudio((state) => state.images);
  const origin = useStudio((state) =>
    originText(detectionNote(state), state.document.settings.preprocessing),
  );
  if (!images) return null;
  const { count, height, width, channels, labels, leftOut = [] } = images;
  const facts = [
    `${formatInteger(count)} images`,
    leftOut.length > 0 ? `${formatInteger(leftOut.length)} left out` : null,
    channels === 1 ? `${height}×${width} grey` : `${height}×${width}`,
    labels ? (matchingText(images) ?? 'labelled') : 'no labels',
    // Last, since where there is little room the end is cut.
    origin,
  ];
  const text = facts.filter((fact) => fact !== null).join(' · ');
  return (
    <AssumptionsPopover
      face={
        <>
          <span className="visually-hidden">What was assumed: </span>
          {text}
        </>
      }
    />
  );
}

/** What is wrong with the images: unreadable, not fitting the network, or prepared in an unlikely way. */
function ImagesNotes() {
  const failure = useStudio((state) => failureOf(state.jobs, 'images'));
  const misfitting = useStudio((state) => misfit(state)?.failure ?? null);
  const misfittingJob = useStudio((state) => misfit(state)?.key ?? null);
  const { dismiss } = useActions();
  return (
    <>
      {failure && <FailureNote failure={failure} onDismiss={() => dismiss(onlyJob('images'))} />}
      {misfitting && misfittingJob !== null && (
        <FailureNote
          failure={misfitting}
          onDismiss={() => dismiss({ kind: measuring, key: misfittingJob })}
        />
      )}
    </>
  );
}
