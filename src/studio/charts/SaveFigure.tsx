import { useRef, useState } from 'react';
import { handOver } from '../browser/handOver';
import { Button } from '../ui/Button';
import { Popover } from '../ui/Popover';
import { figurePng, figureSvg } from './figureImage';
import styles from './SaveFigure.module.css';

/** Saves the figure that it stands in as it is shown: as SVG, or as PNG of twice its size. */
export function SaveFigure() {
  const own = useRef<HTMLSpanElement>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function save(form: 'svg' | 'png'): Promise<void> {
    const figure = own.current?.closest('figure');
    if (!figure) return;
    setProblem(null);
    const svg = figureSvg(figure);
    const blob = form === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await figurePng(svg);
    if (blob) handOver(blob, `${fileName(figure)}.${form}`);
    else setProblem('Expected a picture of the figure, found that this browser makes none; save it as SVG.');
  }

  return (
    <span ref={own} className={styles.save}>
      <Popover
        label="Save this figure"
        className={styles.button}
        panelClassName={styles.panel}
        face={
          <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentcolor" strokeWidth="1.5">
            <path d="M8 2.5v7M5 7l3 3 3-3M3 13h10" strokeLinecap="round" strokeLinejoin="round" />
          </svg>
        }
        isLazy
      >
        <span className={styles.forms}>
          <Button onClick={() => void save('svg')}>SVG</Button>
          <Button onClick={() => void save('png')}>PNG</Button>
        </span>
        {problem !== null && <p role="alert">{problem}</p>}
      </Popover>
    </span>
  );
}

/** "accuracy-against-macs" */
function fileName(figure: Element): string {
  const name = (figure.getAttribute('aria-label') ?? 'figure').toLowerCase();
  return name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '');
}
