import { useEffect, useMemo, useRef, useState } from 'react';
import { formatInteger } from '../../../project/numbers';
import { PixelCanvas } from '../../ui/PixelCanvas';
import { lookOf } from '../../model/methods';
import { Button } from '../../ui/Button';
import { MethodMark } from '../methods/MethodMark';
import { useActions, useStudio } from '../../context/context';
import { className, describeEntry, isChanged, isWrong, type GridEntry } from './entries';
import styles from './ImageGrid.module.css';
import { rgbaOf } from './pixels';

/** Images on one page of the grid. */
const perPage = 120;

/** The images as a grid, a page at a time. */
export function ImageGrid({ entries }: { readonly entries: readonly GridEntry[] }) {
  const [wanted, setPage] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const last = Math.max(0, Math.ceil(entries.length / perPage) - 1);
  const page = Math.min(wanted, last);
  const shown = entries.slice(page * perPage, (page + 1) * perPage);
  const turn = (to: number) => {
    setPage(to);
    list.current?.scrollTo(0, 0);
  };
  return (
    <>
      {shown.length === 0 && <p className={styles.none}>No images here.</p>}
      <Page list={list} entries={shown} />
      <nav className={styles.pages} aria-label="Pages of images">
        <Legend />
        <span>
          {entries.length === 0
            ? '0 images'
            : `${formatInteger(page * perPage + 1)}–${formatInteger(page * perPage + shown.length)} of ${formatInteger(entries.length)}`}
        </span>
        <Button disabled={page === 0} onClick={() => turn(page - 1)}>
          Previous<span className="visually-hidden"> images</span>
        </Button>
        <Button disabled={page === last} onClick={() => turn(page + 1)}>
          Next<span className="visually-hidden"> images</span>
        </Button>
      </nav>
    </>
  );
}

/** What the marks mean. */
function Legend() {
  const look = useStudio((state) => lookOf(state.document.settings.method));
  return (
    <p className={styles.legend}>
      <span>
        <b>A</b> label
      </span>
      <span>
        <i className={styles.originalMark} /> Original
      </span>
      <span>
        <MethodMark look={look} /> {look.name}
      </span>
      <span>
        <Cross /> wrong
      </span>
      <span>
        <i className={styles.changedMark} /> changed
      </span>
    </p>
  );
}

interface PageProps {
  readonly list: React.RefObject<HTMLUListElement | null>;
  readonly entries: readonly GridEntry[];
}

function Page({ list, entries }: PageProps) {
  const thumbnails = useThumbnails(entries);
  return (
    // A region that scrolls must be reachable by keyboard.
    <ul ref={list} role="list" className={styles.grid} tabIndex={0} aria-label="Images and answers">
      {entries.map((entry) => (
        <Item key={entry.image} entry={entry} pixels={thumbnails.get(entry.image) ?? null} />
      ))}
    </ul>
  );
}

interface ItemProps {
  readonly entry: GridEntry;
  readonly pixels: Uint8ClampedArray<ArrayBuffer> | null;
}

function Item({ entry, pixels }: ItemProps) {
  const names = useStudio((state) => state.images?.classNames ?? null);
  const width = useStudio((state) => state.images?.width ?? 1);
  const height = useStudio((state) => state.images?.height ?? 1);
  const look = useStudio((state) => lookOf(state.document.settings.method));
  const { label, original, compressed } = entry;
  return (
    <li
      className={styles.item}
      aria-label={describeEntry(entry, names, look.name)}
      title={describeEntry(entry, names, look.name)}
      data-changed={isChanged(entry)}
    >
      <PixelCanvas pixels={pixels} width={width} height={height} className={styles.picture} />
      <span className={styles.label}>{label === null ? '–' : className(names, label)}</span>
      {original !== null && (
        <span className={styles.answer} data-wrong={isWrong(entry, original)}>
          <i className={styles.originalMark} />
          <span>{className(names, original)}</span>
          {isWrong(entry, original) && <Cross />}
        </span>
      )}
      {compressed !== null && (
        <span className={styles.answer} data-wrong={isWrong(entry, compressed)}>
          <MethodMark look={look} />
          <span>{className(names, compressed)}</span>
          {isWrong(entry, compressed) && <Cross />}
        </span>
      )}
    </li>
  );
}

function Cross() {
  return (
    <svg className={styles.cross} viewBox="0 0 10 10" aria-hidden="true">
      <path d="M1.5 1.5l7 7M8.5 1.5l-7 7" />
    </svg>
  );
}

type Thumbnails = ReadonlyMap<number, Uint8ClampedArray<ArrayBuffer>>;

/** Pixels of the images on the page, by their index; those shown before stay until the new ones are there. */
function useThumbnails(entries: readonly GridEntry[]): Thumbnails {
  const size = useStudio((state) => state.images);
  const { imagePixels } = useActions();
  const [thumbnails, setThumbnails] = useState<Thumbnails>(new Map());
  const wanted = entries.map((entry) => entry.image).join();
  const indices = useMemo(
    () => Uint32Array.from(wanted === '' ? [] : wanted.split(',').map(Number)),
    [wanted],
  );
  useEffect(() => {
    let isCurrent = true;
    if (!size || indices.length === 0) return;
    void imagePixels(indices).then((outcome) => {
      if (!isCurrent || !outcome.ok) return;
      const pixels = outcome.value;
      setThumbnails(new Map(Array.from(indices, (image, at) => [image, rgbaOf(pixels, at, size)])));
    });
    return () => {
      isCurrent = false;
    };
  }, [imagePixels, indices, size]);
  return thumbnails;
}
