/** Whether most of an element can be seen, as far as what it scrolls in has room for it. */
export function isInSight(element: Element): boolean {
  const { top, bottom, height } = element.getBoundingClientRect();
  const box = scrollerOf(element)?.getBoundingClientRect() ?? { top: 0, bottom: window.innerHeight };
  const seen = Math.min(bottom, box.bottom, window.innerHeight) - Math.max(top, box.top, 0);
  return seen >= Math.min(height, box.bottom - box.top) / 2;
}

function scrollerOf(element: Element): Element | undefined {
  for (let outer = element.parentElement; outer; outer = outer.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(outer).overflowY)) return outer;
  }
  return undefined;
}
