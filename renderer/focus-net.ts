import { focusComposer } from './state/ui-store.ts';

/** How long whoever knows better may take to place a focus that was lost, in milliseconds. */
const graceMs = 100;

/** How many earlier places of the focus are remembered. */
const remembered = 8;

/**
 * Catches the focus when what held it goes (is taken away, hidden or switched off) and nobody else takes it: it goes back to the same
 * control if that works again, else to the nearest part around it that can hold it, else, outside the shown session, to where it was
 * before, else to the composer. A focus that a person gives up, by a click beside everything or by leaving the window, stays given up.
 */
export function installFocusNet(): void {
  let around: Element[] = [];
  let inSession = false;
  let before: WeakRef<HTMLElement>[] = [];
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    around = ancestors(target);
    inSession = target.closest('#session-view') !== null;
    before = [...before.filter((place) => place.deref() !== target), new WeakRef(target)].slice(-remembered);
  });
  document.addEventListener('focusout', ({ target, relatedTarget }) => {
    if (!(target instanceof HTMLElement) || relatedTarget !== null) return;
    const [parts, wasOff, back] = [around, target.matches(':disabled'), inSession ? [] : before];
    setTimeout(() => {
      if (document.activeElement !== document.body || (holdsFocus(target) && !wasOff)) return;
      const earlier = back.map((place) => place.deref()).reverse();
      for (const place of [target, ...parts, ...earlier]) {
        if (!(place instanceof HTMLElement) || !holdsFocus(place)) continue;
        place.focus({ preventScroll: true });
        if (document.activeElement !== place) continue;
        if (place !== target) giveBack(target, place);
        return;
      }
      focusComposer();
    }, graceMs);
  });
}

/** A control that was switched off while its work was done gets the focus back from `keeper`, if nobody took it meanwhile. */
function giveBack(control: HTMLElement, keeper: HTMLElement): void {
  const watch = new MutationObserver(() => {
    if (!holdsFocus(control)) return;
    watch.disconnect();
    if (document.activeElement === keeper) control.focus({ preventScroll: true });
  });
  watch.observe(control, { attributeFilter: ['disabled'] });
  keeper.addEventListener('focusout', () => watch.disconnect(), { once: true });
}

function ancestors(element: Element): Element[] {
  const parent = element.parentElement;
  return parent === null ? [] : [...(parent.hasAttribute('tabindex') ? [parent] : []), ...ancestors(parent)];
}

const holdsFocus = (element: HTMLElement): boolean =>
  element.isConnected &&
  element.checkVisibility({ checkVisibilityCSS: true }) &&
  !element.matches(':disabled, [inert] *');
