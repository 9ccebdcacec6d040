import { useLayoutEffect, useRef } from 'react';

interface PixelCanvasProps {
  /** RGBA: width · height · 4 bytes; null while they are not there. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer> | null;
  readonly width: number;
  readonly height: number;
  readonly className?: string | undefined;
}

/** A small image drawn from its pixels; what it shows is told by the text beside it. */
export function PixelCanvas({ pixels, width, height, className }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    if (pixels) context.putImageData(new ImageData(pixels, width, height), 0, 0);
    else context.clearRect(0, 0, width, height);
  }, [pixels, width, height]);
  return <canvas ref={canvas} width={width} height={height} className={className} aria-hidden="true" />;
}
