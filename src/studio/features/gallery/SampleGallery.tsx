import { useEffect, useState } from 'react';
import { formatBytes, formatCount, formatInteger, formatPercent } from '../../../project/numbers';
import { FileButton } from '../../ui/FileButton';
import { useActions, useStudio } from '../../context/context';
import { sampleAddress } from '../../model/samples/files';
import { firstRecords, thumbnailSide } from './firstRecords';
import type { SampleManifest, SampleNetwork } from '../../model/samples/manifest';
import { PixelCanvas } from '../../ui/PixelCanvas';
import styles from './SampleGallery.module.css';
import { shownSample } from '../../store/samplesState';

const thumbnailsPerCard = 8;

/**
 * The built-in networks to choose from, beside the way to one's own.
 *
 * @param onChosen called once something was chosen
 */
export function SampleGallery({ onChosen }: { readonly onChosen?: () => void }) {
  const manifest = useStudio((state) => state.samples.manifest);
  const failure = useStudio((state) => state.samples.failure);
  const { loadSamples, openNetwork } = useActions();
  const thumbnails = useThumbnails(manifest);
  useEffect(() => void loadSamples(), [loadSamples]);
  return (
    <div className={styles.gallery}>
      <div className={styles.own}>
        <div>
          <h3>Your own network</h3>
          <p>A trained convolutional network as ONNX. It stays on this machine.</p>
        </div>
        <FileButton
          label="Use your own network…"
          look="filled"
          onFiles={(files) => {
            onChosen?.();
            void openNetwork(files);
          }}
        />
      </div>
      <ul className={styles.cards} aria-label="Samples">
        {manifest?.networks.map((network, index) => (
          <SampleCard
            key={network.name}
            network={network}
            thumbnails={thumbnails.slice(index * thumbnailsPerCard, (index + 1) * thumbnailsPerCard)}
            onChosen={onChosen}
          />
        ))}
        {!manifest && (
          <li className={styles.waiting}>{failure ? failure.message : 'Loading the samples…'}</li>
        )}
      </ul>
    </div>
  );
}

interface SampleCardProps {
  readonly network: SampleNetwork;
  readonly thumbnails: readonly Uint8ClampedArray<ArrayBuffer>[];
  readonly onChosen: (() => void) | undefined;
}

function SampleCard({ network, thumbnails, onChosen }: SampleCardProps) {
  const isShown = useStudio((state) => shownSample(state) === network.name);
  const { openSample } = useActions();
  const { title, description, accuracy, macs, bytes } = network;
  const places = Array.from({ length: thumbnailsPerCard }, (_, index) => index);
  return (
    <li>
      <button
        type="button"
        className={styles.card}
        aria-label={`Open the sample ${title}`}
        aria-current={isShown}
        aria-describedby={`sample-${network.name}`}
        onClick={() => {
          onChosen?.();
          void openSample(network.name);
        }}
      >
        <span className={styles.thumbnails}>
          {places.map((index) => (
            <PixelCanvas
              key={index}
              pixels={thumbnails[index] ?? null}
              width={thumbnailSide}
              height={thumbnailSide}
            />
          ))}
        </span>
        <span className={styles.title}>
          {title}
          {isShown && <small>open</small>}
        </span>
        <span id={`sample-${network.name}`} className={styles.facts}>
          <span>{description}</span>
          <span>
            {countLayers(network)} · {formatCount(macs)} MACs · {formatBytes(bytes)}
          </span>
          <span>
            <b>{formatPercent(accuracy.correct / accuracy.count)}</b> of {formatInteger(accuracy.count)}{' '}
            validation images right
          </span>
        </span>
      </button>
    </li>
  );
}

/** "8 convolutions, 2 dense" */
function countLayers({ layers }: SampleNetwork): string {
  const convolutions = layers.filter(({ operator }) => operator === 'Conv').length;
  return `${convolutions} convolutions, ${layers.length - convolutions} dense`;
}

/** A few validation images for every card; none where they cannot be read, as they only adorn. */
function useThumbnails(manifest: SampleManifest | null): readonly Uint8ClampedArray<ArrayBuffer>[] {
  const [thumbnails, setThumbnails] = useState<readonly Uint8ClampedArray<ArrayBuffer>[]>([]);
  useEffect(() => {
    if (!manifest) return;
    const request = new AbortController();
    const { file } = manifest.imageSets.validation;
    fetch(sampleAddress(file), { signal: request.signal })
      .then((response) => response.blob())
      .then((blob) => firstRecords(blob, manifest.networks.length * thumbnailsPerCard))
      .then(setThumbnails)
      .catch(() => undefined);
    return () => request.abort();
  }, [manifest]);
  return thumbnails;
}
