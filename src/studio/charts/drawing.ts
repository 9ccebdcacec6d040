import { useEffect, useEffectEvent, useRef, type RefObject } from 'react';

/** What a drawing needs to know of its canvas: sizes in CSS pixels, the page's colours by custom property. */
export interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  colour(property: string): string;
}

interface Drawing<T> {
  /** Of the canvas to draw on. */
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  /** Draws a value in place of the last one; for effects and events, not while rendering. */
  show(value: T): void;
}

/** A drawing on a canvas that always shows the newest value, also once its size or the theme has changed. */
export function useDrawing<T>(draw: (pen: Pen, value: T) => void): Drawing<T> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const surface = useRef<Surface | null>(null);
  const newest = useRef<{ readonly value: T } | null>(null);

  function show(value: T): void {
    newest.current = { value };
    if (surface.current) draw(wiped(surface.current), value);
  }

  const onSurface = useEffectEvent((fresh: Surface | null) => {
    surface.current = fresh;
    if (fresh && newest.current) draw(wiped(fresh), newest.current.value);
  });
  useEffect(() => keepSurface(canvas.current, (fresh) => onSurface(fresh)), []);
  return { canvas, show };
}

/** A canvas of known size and palette. Nothing is asked of the document while drawing: that would cost a layout. */
type Surface = Pen;

function wiped(surface: Surface): Pen {
  surface.context.clearRect(0, 0, surface.width, surface.height);
  return surface;
}

/** Hands out a fresh surface at first and whenever the size or the theme changes; returns how to stop that. */
function keepSurface(
  canvas: HTMLCanvasElement | null,
  onSurface: (surface: Surface | null) => void,
): () => void {
  if (!canvas) return () => undefined;
  const renew = () => onSurface(surfaceOf(canvas));
  const sizes = new ResizeObserver(renew);
  sizes.observe(canvas);
  const themes = new MutationObserver(renew);
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', renew);
  return () => {
    sizes.disconnect();
    themes.disconnect();
    system.removeEventListener('change', renew);
  };
}

function surfaceOf(canvas: HTMLCanvasElement): Surface | null {
  const context = canvas.getContext('2d');
  if (!context) return null;
  const { clientWidth: width, clientHeight: height } = canvas;
  const density = devicePixelRatio;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  context.scale(density, density);
  return { context, width, height, colour: paletteOf(canvas) };
}

/** Resolves each custom property to a colour once. */
function paletteOf(canvas: HTMLCanvasElement): (property: string) => string {
  const known = new Map<string, string>();
  return (property) => {
    const found = known.get(property);
    if (found !== undefined) return found;
    canvas.style.color = `var(${property})`;
    const { color } = getComputedStyle(canvas);
    known.set(property, color);
    return color;
  };
}
