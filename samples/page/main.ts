/** What runs in the browser: loads fonts, then turns requests into images. Bundled and injected by `../browser.ts`. */
import { Random } from '../render/random';
import { randomScene } from '../render/scene';
import type { Face } from '../render/scene';
import type { RenderRequest } from '../render/request';
import { CANVAS_REACH, paintScene } from './paint';
import { finishImage, takeView } from './view';

const CANVAS_SIZE = 256;
const IMAGE_SIDE = 32;

/** What the page offers to the recipe. */
export interface Painter {
  /** Makes the font (a file's bytes in base64) known under the face's family and weight. */
  loadFace: (face: Face, fontFile: string) => Promise<void>;
  /** Images in order, planes R, G, B of 1,024 bytes each, all in one base64 text. */
  render: (requests: readonly RenderRequest[]) => string;
}

declare global {
  var painter: Painter;
}

function newContext(): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = CANVAS_SIZE;
  canvas.height = CANVAS_SIZE;
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (!context) throw new Error('painter: expected a 2D canvas, got none');
  return context;
}

async function loadFace(face: Face, fontFile: string): Promise<void> {
  const bytes = Uint8Array.from(atob(fontFile), (character) => character.charCodeAt(0));
  const font = new FontFace(face.family, bytes, { weight: String(face.weight) });
  document.fonts.add(await font.load());
}

function renderImage(context: CanvasRenderingContext2D, request: RenderRequest): Uint8Array {
  const scene = randomScene(
    new Random(request.seed, request.stream, request.index),
    request.letter,
    request.face,
  );
  paintScene(context, CANVAS_SIZE, scene);
  const rgba = context.getImageData(0, 0, CANVAS_SIZE, CANVAS_SIZE).data;
  const painting = { rgba, size: CANVAS_SIZE, reach: CANVAS_REACH };
  return finishImage(takeView(painting, scene.camera, scene.finish.spread, IMAGE_SIDE), scene.finish);
}

function toBase64(images: readonly Uint8Array[]): string {
  return btoa(images.map((image) => String.fromCharCode(...image)).join(''));
}

const context = newContext();
globalThis.painter = {
  loadFace,
  render: (requests) => toBase64(requests.map((request) => renderImage(context, request))),
};
