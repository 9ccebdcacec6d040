import type { Page } from '@playwright/test';

/**
 * What a person cannot see or reach of what the page shows, each as a sentence: controls outside the page or cut by
 * what holds them, controls that lie under others, and texts that are cut without telling the rest at hover.
 */
export function clipped(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const controls =
      'h1 svg, button, a[href], input, select, summary, [role="slider"], [role="option"], [role="columnheader"]';
    const root =
      document.querySelector('dialog[open]') ?? document.querySelector(':popover-open') ?? document.body;
    const nameOf = (element: Element) => {
      const label = element.getAttribute('aria-label') ?? element.textContent;
      return `${element.tagName.toLowerCase()} "${(label ?? '').trim().slice(0, 60)}"`;
    };
    const isShown = (element: Element) =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.getBoundingClientRect().width > 2 &&
      // Kept for screen readers alone.
      getComputedStyle(element).clipPath === 'none';

    /** The part of an element's width that ancestors and the page leave. */
    function cutOf(element: Element): number {
      const { left, right } = element.getBoundingClientRect();
      let [from, to] = [Math.max(left, 0), Math.min(right, document.documentElement.clientWidth)];
      // What stands on the top layer is cut by nothing around it.
      const isAlone = (parent: Element) => parent.matches('dialog, [popover]');
      for (let parent = element.parentElement; parent && !isAlone(parent); parent = parent.parentElement) {
        if (getComputedStyle(parent).overflowX === 'visible') continue;
        // Wide tables are moved sideways in it.
        if (parent.matches('[data-sideways]')) return 0;
        const own = parent.getBoundingClientRect();
        [from, to] = [Math.max(from, own.left), Math.min(to, own.right)];
      }
      return right - left - (to - from);
    }

    /** What lies over the middle of a control, once it was scrolled to. */
    function coverOf(element: HTMLElement): Element | null {
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { left, top, width, height } = element.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      // What cannot be pressed now is to be seen all the same.
      element.style.pointerEvents = 'auto';
      const over = document.elementFromPoint(x, y);
      element.style.pointerEvents = '';
      if (!over || over.contains(element) || element.contains(over)) return null;
      const isLabel =
        over.closest('label')?.contains(element) || element.id === over.closest('label')?.htmlFor;
      return isLabel ? null : over;
    }

    for (const element of root.querySelectorAll<HTMLElement>(controls)) {
      if (!isShown(element)) continue;
      const cut = cutOf(element);
      if (cut > 1) found.push(`${nameOf(element)}: ${cut.toFixed(0)} px of its width are cut`);
      const cover = cut > 1 ? null : coverOf(element);
      if (cover) found.push(`${nameOf(element)}: lies under ${nameOf(cover)}`);
    }
    // A control that says more than it has room for; what a person types may be longer than its field.
    const faces =
      'button, a[href], summary, [role="columnheader"], input[type="number"], [role="spinbutton"]';
    for (const element of root.querySelectorAll(faces)) {
      if (!isShown(element) || getComputedStyle(element).display === 'inline') continue;
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
      const [wide, high] = [scrollWidth - clientWidth, scrollHeight - clientHeight];
      if (wide > 1) found.push(`${nameOf(element)}: what it holds is ${wide} px wider than it is`);
      if (high > 1) found.push(`${nameOf(element)}: what it holds is ${high} px higher than it is`);
    }
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth)
      found.push(`the page: ${page.scrollWidth - page.clientWidth} px of its width lie outside`);
    for (const element of root.querySelectorAll('*')) {
      const text = [...element.childNodes].some(
        ({ nodeType, textContent }) => nodeType === 3 && textContent?.trim(),
      );
      if (!text || !isShown(element) || element.closest('svg, option')) continue;
      const { overflowX, display } = getComputedStyle(element);
      const isCut =
        display !== 'inline' && overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
      if (isCut && !element.closest('[title]')) found.push(`${nameOf(element)}: its text is cut`);
      else if (!isCut && cutOf(element) > 1)
        found.push(`${nameOf(element)}: ${cutOf(element).toFixed(0)} px of its text are cut`);
    }
    return [...new Set(found)];
  });
}
