import { useRef } from 'react';
import { Button } from './Button';

interface FileButtonProps {
  /** What the chooser is for; also the accessible name of the file input. */
  readonly label: string;
  /** Shorter than the label, where the place says what is opened. */
  readonly text?: string;
  readonly look?: 'plain' | 'filled';
  readonly onFiles: (files: readonly File[]) => void;
}

/** A button that opens the browser's file chooser; any file may be chosen, its content decides. */
export function FileButton({ label, text = label, look = 'plain', onFiles }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look={look} aria-label={label} onClick={() => input.current?.click()}>
        {text}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={`${label.replace('…', '')} files`}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file may be chosen again after it was changed on the disk.
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
