/*
 * A figure of the page as one SVG without style sheets: its texts, lines and grounds where the page has laid them out,
 * its drawings with the colours that the theme gives them. Libraries that do this put the page's HTML into the SVG
 * (`foreignObject`), which only browsers draw.
 */

const svgSpace = 'http://www.w3.org/2000/svg';

/** What is no part of a saved figure: controls but for words and legends, what follows the slider, hidden texts. */
const leftOut =
  'button:not([data-word]), input, select:not([data-word]), textarea, [popover], [data-live], .visually-hidden, [aria-pressed="false"]';

/** How much larger than on the page a picture is. */
const pictureScale = 2;

/** Properties of what is drawn that style sheets may have set. */
const drawnProperties = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray'],
  ...['stroke-linecap', 'stroke-linejoin', 'opacity', 'vector-effect', 'overflow'],
  ...['font-family', 'font-size', 'font-weight', 'text-anchor', 'dominant-baseline'],
  ...['paint-order', 'clip-path'],
];

/** What is no part of a saved figure in drawings: the brush of charts. */
const leftOutOfDrawings = '.recharts-brush';

/** Draws a figure that is shown as SVG text. */
export function figureSvg(figure: Element): string {
  const box = figure.getBoundingClientRect();
  const svg = document.createElementNS(svgSpace, 'svg');
  setAll(svg, {
    xmlns: svgSpace,
    width: box.width,
    height: box.height,
    viewBox: `0 0 ${box.width} ${box.height}`,
  });
  const title = made('title', {});
  title.textContent = figure.getAttribute('aria-label');
  const ground = made('rect', { width: '100%', height: '100%', fill: groundOf(figure) });
  svg.append(title, ground, ...drawnOf(figure, box));
  return new XMLSerializer().serializeToString(svg);
}

/** A picture of an SVG; null where the browser makes none. */
export async function figurePng(svg: string): Promise<Blob | null> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.naturalWidth * pictureScale);
    canvas.height = Math.round(image.naturalHeight * pictureScale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** What an element and everything in it draws, back to front. */
function drawnOf(element: Element, origin: DOMRect): Element[] {
  const style = getComputedStyle(element);
  if (element.matches(leftOut) || style.display === 'none' || style.visibility === 'hidden') return [];
  if (element instanceof SVGSVGElement) return [copyOf(element, origin)];
  if (element instanceof HTMLCanvasElement) return [pictureOf(element, origin)];
  if (element instanceof HTMLSelectElement) return [chosenOf(element, style, origin)];
  const own = element.matches('button') ? [] : boxOf(element, style, origin);
  const inner = [...element.childNodes].flatMap((child) =>
    child instanceof Element
      ? drawnOf(child, origin)
      : child instanceof Text
        ? textsOf(child, style, origin)
        : [],
  );
  return [...own, ...inner];
}

/** Ground and borders of a box. */
function boxOf(element: Element, style: CSSStyleDeclaration, origin: DOMRect): Element[] {
  const { left, top, width, height } = element.getBoundingClientRect();
  const [x, y] = [left - origin.left, top - origin.top];
  const fill = plainColour(style.backgroundColor);
  const ground = fill === null ? [] : [made('rect', { x, y, width, height, fill })];
  const sides = [
    ['top', x, y, x + width, y],
    ['bottom', x, y + height, x + width, y + height],
    ['left', x, y, x, y + height],
    ['right', x + width, y, x + width, y + height],
  ] as const;
  const lines = sides.flatMap(([side, x1, y1, x2, y2]) => {
    const thickness = parseFloat(style.getPropertyValue(`border-${side}-width`));
    const stroke = plainColour(style.getPropertyValue(`border-${side}-color`));
    const kind = style.getPropertyValue(`border-${side}-style`);
    if (!(thickness > 0) || stroke === null || kind === 'none') return [];
    const dash = kind === 'dashed' ? { 'stroke-dasharray': '5 4' } : {};
    return [made('line', { x1, y1, x2, y2, stroke, 'stroke-width': thickness, ...dash })];
  });
  return [...ground, ...lines];
}

/** The lines of a text where they stand; as wide as on the page, whatever font draws them. */
function textsOf(text: Text, style: CSSStyleDeclaration, origin: DOMRect): Element[] {
  const content = text.data.replaceAll(/\s+/g, ' ').trim();
  if (content === '') return [];
  const range = document.createRange();
  range.selectNodeContents(text);
  const box = range.getBoundingClientRect();
  if (box.width === 0) return [];
  const exactly = { textLength: box.width, lengthAdjust: 'spacingAndGlyphs' };
  return [lineOf(content, box, style, origin, exactly)];
}

/** What is chosen where a title can be, as the title. */
function chosenOf(select: HTMLSelectElement, style: CSSStyleDeclaration, origin: DOMRect): Element {
  const chosen = select.selectedOptions[0]?.textContent ?? '';
  return lineOf(chosen, select.getBoundingClientRect(), style, origin);
}

/** A line of text in the middle of a box, from its left. */
function lineOf(
  content: string,
  box: DOMRect,
  style: CSSStyleDeclaration,
  origin: DOMRect,
  more: Attributes = {},
): Element {
  const { ascent, descent } = heights(style.font);
  const element = made('text', {
    x: box.left - origin.left,
    y: box.top - origin.top + (box.height - ascent - descent) / 2 + ascent,
    fill: plainColour(style.color) ?? 'black',
    'font-family': style.fontFamily,
    'font-size': style.fontSize,
    'font-weight': style.fontWeight,
    ...more,
  });
  element.textContent = content;
  return element;
}

/** A drawing of the figure as it stands, without need of style sheets. */
function copyOf(drawing: SVGSVGElement, origin: DOMRect): Element {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const [from, to] = [drawing, copy].map((root) => [root, ...root.querySelectorAll<SVGElement>('*')]);
  const gone: Element[] = [];
  from!.forEach((element, index) => {
    const style = getComputedStyle(element);
    const own = to![index]!;
    const isHidden = style.display === 'none' || style.visibility === 'hidden';
    if (isHidden || element.matches(leftOutOfDrawings)) gone.push(own);
    for (const property of drawnProperties) setDrawn(own, property, style.getPropertyValue(property));
    for (const name of ['class', 'style', 'tabindex']) own.removeAttribute(name);
  });
  for (const element of gone) element.remove();
  const { left, top, width, height } = drawing.getBoundingClientRect();
  setAll(copy, { x: left - origin.left, y: top - origin.top, width, height });
  return copy;
}

function setDrawn(element: Element, property: string, value: string): void {
  if (value === '') return;
  const isColour = property === 'fill' || property === 'stroke';
  element.setAttribute(property, isColour && value !== 'none' ? (plainColour(value) ?? 'none') : value);
}

/** What moves in every frame is drawn in pixels, and stays so. */
function pictureOf(canvas: HTMLCanvasElement, origin: DOMRect): Element {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const at = { x: left - origin.left, y: top - origin.top, width, height };
  return made('image', { ...at, href: canvas.toDataURL('image/png') });
}

/** The ground that a figure stands on. */
function groundOf(element: Element): string {
  for (let own: Element | null = element; own; own = own.parentElement) {
    const ground = plainColour(getComputedStyle(own).backgroundColor);
    if (ground !== null) return ground;
  }
  return 'white';
}

/** A colour as every program reads it, such as `rgb(23, 25, 29)`; null for none at all. */
function plainColour(colour: string): string | null {
  const pen = surface();
  if (!pen) return colour;
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha = 0] = pen.getImageData(0, 0, 1, 1).data;
  if (alpha === 0) return null;
  const opacity = alpha === 255 ? '' : `, ${(alpha / 255).toFixed(3)}`;
  return `rgb${opacity && 'a'}(${red}, ${green}, ${blue}${opacity})`;
}

/** How far a font reaches above and below the line. */
function heights(font: string): { readonly ascent: number; readonly descent: number } {
  const pen = surface();
  if (!pen) return { ascent: 0, descent: 0 };
  pen.font = font;
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = pen.measureText('x');
  return { ascent, descent };
}

/** One pixel to try colours and fonts on. */
function surface(): CanvasRenderingContext2D | null {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  return canvas.getContext('2d', { willReadFrequently: true });
}

type Attributes = Readonly<Record<string, string | number>>;

function made(name: string, attributes: Attributes): Element {
  const element = document.createElementNS(svgSpace, name);
  setAll(element, attributes);
  return element;
}

function setAll(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(name, typeof value === 'number' ? String(Number(value.toFixed(2))) : value);
}
