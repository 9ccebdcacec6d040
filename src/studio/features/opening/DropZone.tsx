import { useEffect, useEffectEvent, useState, type ReactNode } from 'react';
import { droppedFiles } from '../../actions/droppedFiles';
import { useActions } from '../../context/context';
import styles from './DropZone.module.css';

/** Lets files be dropped anywhere on the page. */
export function DropZone({ children }: { readonly children: ReactNode }) {
  const [isOver, setIsOver] = useState(false);
  const { openDropped } = useActions();

  const onDragOver = useEffectEvent((event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    setIsOver(true);
  });
  const onDragLeave = useEffectEvent((event: DragEvent) => {
    // Leaving an element for one inside the page names that element.
    if (event.relatedTarget === null) setIsOver(false);
  });
  const onDrop = useEffectEvent((event: DragEvent) => {
    setIsOver(false);
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    void openDropped(droppedFiles(event.dataTransfer));
  });

  useEffect(() => {
    const listeners = new AbortController();
    const { signal } = listeners;
    addEventListener('dragover', (event) => onDragOver(event), { signal });
    addEventListener('dragleave', (event) => onDragLeave(event), { signal });
    addEventListener('drop', (event) => onDrop(event), { signal });
    return () => listeners.abort();
  }, []);

  return (
    <>
      {children}
      {isOver && (
        <div className={styles.over} aria-hidden="true">
          <p>Drop a network, images, or a folder of them</p>
        </div>
      )}
    </>
  );
}
