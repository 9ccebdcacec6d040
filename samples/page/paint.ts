import { css } from '../render/colour';
import type { Background, Glyph, Plate, Scene, Shape } from '../render/scene';

/** World units shown on each side of the origin. */
export const CANVAS_REACH = 2;

type Context = CanvasRenderingContext2D;

/** Paints the whole scene, before camera and finish, on a square canvas of `size` pixels. */
export function paintScene(context: Context, size: number, scene: Scene): void {
  const pixelsPerUnit = size / (2 * CANVAS_REACH);
  context.setTransform(pixelsPerUnit, 0, 0, pixelsPerUnit, size / 2, size / 2);
  paintBackground(context, scene.background);
  for (const shape of scene.behind) paintShape(context, shape);
  if (scene.plate) paintPlate(context, scene.plate);
  for (const glyph of scene.neighbours) paintGlyph(context, glyph);
  paintGlyph(context, scene.glyph);
  for (const shape of scene.before) paintShape(context, shape);
}

function paintBackground(context: Context, background: Background): void {
  const { from, to, angle } = background;
  const reach = CANVAS_REACH * Math.SQRT2;
  context.save();
  context.rotate(angle);
  switch (background.kind) {
    case 'gradient': {
      const gradient = context.createLinearGradient(-1, 0, 1, 0);
      gradient.addColorStop(0, css(from));
      gradient.addColorStop(1, css(to));
      context.fillStyle = gradient;
      context.fillRect(-reach, -reach, 2 * reach, 2 * reach);
      break;
    }
    case 'stripes':
      context.fillStyle = css(from);
      context.fillRect(-reach, -reach, 2 * reach, 2 * reach);
      context.fillStyle = css(to);
      for (let x = -reach; x < reach; x += background.period)
        context.fillRect(x, -reach, background.period / 2, 2 * reach);
      break;
    default:
      background satisfies never;
  }
  context.restore();
}

function paintShape(context: Context, shape: Shape): void {
  context.beginPath();
  switch (shape.kind) {
    case 'disc':
      context.arc(shape.centre.x, shape.centre.y, shape.radius, 0, 2 * Math.PI);
      fill(context, css(shape.colour));
      break;
    case 'ring':
      context.arc(shape.centre.x, shape.centre.y, shape.radius, 0, 2 * Math.PI);
      stroke(context, css(shape.colour), shape.width);
      break;
    case 'bar':
      context.moveTo(shape.from.x, shape.from.y);
      context.lineTo(shape.to.x, shape.to.y);
      stroke(context, css(shape.colour), shape.width);
      break;
    case 'triangle':
      for (const corner of shape.corners) context.lineTo(corner.x, corner.y);
      fill(context, css(shape.colour));
      break;
    default:
      shape satisfies never;
  }
}

function paintPlate(context: Context, plate: Plate): void {
  context.save();
  context.beginPath();
  if (plate.kind === 'disc') {
    context.arc(0, 0, plate.size, 0, 2 * Math.PI);
  } else {
    if (plate.kind === 'diamond') context.rotate(Math.PI / 4);
    context.rect(-plate.size, -plate.size, 2 * plate.size, 2 * plate.size);
  }
  fill(context, css(plate.colour));
  stroke(context, css(plate.rim), 0.1);
  context.restore();
}

/** Size at which letters are measured, in pixels; the fitting transform makes the drawn size independent of it. */
const FONT_PIXELS = 100;

function paintGlyph(context: Context, glyph: Glyph): void {
  context.font = `${String(glyph.face.weight)} ${String(FONT_PIXELS)}px "${glyph.face.family}"`;
  const box = context.measureText(glyph.letter);
  const width = box.actualBoundingBoxLeft + box.actualBoundingBoxRight;
  const height = box.actualBoundingBoxAscent + box.actualBoundingBoxDescent;
  const scale = Math.min(glyph.height / height, glyph.width / width);
  const x = (box.actualBoundingBoxLeft - box.actualBoundingBoxRight) / 2;
  const y = (box.actualBoundingBoxAscent - box.actualBoundingBoxDescent) / 2;
  context.save();
  context.translate(glyph.centre.x, glyph.centre.y);
  context.scale(scale, scale);
  if (glyph.shadow) fillLetter(context, glyph.letter, css(glyph.shadow), x + 0.09 / scale, y + 0.09 / scale);
  if (glyph.outline) {
    context.strokeStyle = css(glyph.outline);
    context.lineWidth = 0.16 / scale;
    context.lineJoin = 'round';
    context.strokeText(glyph.letter, x, y);
  }
  fillLetter(context, glyph.letter, css(glyph.colour), x, y);
  context.restore();
}

function fillLetter(context: Context, letter: string, colour: string, x: number, y: number): void {
  context.fillStyle = colour;
  context.fillText(letter, x, y);
}

function fill(context: Context, colour: string): void {
  context.fillStyle = colour;
  context.fill();
}

function stroke(context: Context, colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}
