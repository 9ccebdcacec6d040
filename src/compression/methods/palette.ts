/** How an entry of the registry is told apart in pictures: by colour, and by shape where colour does not. */
export interface PaletteEntry {
  /** Name of its mark. */
  readonly mark: string;
  /** Its mark in a 16 × 16 box centred on 0. */
  readonly path: string;
  /** Colour on white. */
  readonly light: string;
  /** CSS custom property that holds its colour on the page, light or dark. */
  readonly property: string;
}

/** After Okabe and Ito, darkened where white behind them asks for it; the page's tokens hold the same colours. */
const palette = [
  {
    mark: 'circle',
    path: 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z',
    light: '#74787f',
    property: '--method-uniform',
  },
  { mark: 'diamond', path: 'M0 -5.8L5.8 0L0 5.8L-5.8 0z', light: '#0072b2', property: '--method-map' },
  { mark: 'triangle', path: 'M0 -5.4L5.4 4.4L-5.4 4.4z', light: '#009e73', property: '--method-model' },
  { mark: 'square', path: 'M-4.4 -4.4h8.8v8.8h-8.8z', light: '#b4568f', property: '--method-inf' },
  { mark: 'pointer', path: 'M0 5.4L5.4 -4.4L-5.4 -4.4z', light: '#c25500', property: '--method-5' },
  {
    mark: 'cross',
    path: 'M-1.7 -5.2h3.4v3.5h3.5v3.4h-3.5v3.5h-3.4v-3.5h-3.5v-3.4h3.5z',
    light: '#8a6d00',
    property: '--method-6',
  },
  {
    mark: 'pentagon',
    path: 'M0 -5.4L5.1 -1.7L3.2 4.4L-3.2 4.4L-5.1 -1.7z',
    light: '#6a51a3',
    property: '--method-7',
  },
  { mark: 'bar', path: 'M-2.2 -5.4h4.4v10.8h-4.4z', light: '#00758f', property: '--method-8' },
] as const satisfies readonly PaletteEntry[];

/** Looks by position in the registry; they begin again after the last. */
export function paletteOf(position: number): PaletteEntry {
  return palette[position % palette.length];
}
