import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Tabs on until the control with this name has the focus. */
export async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  const focused = page.locator(':focus');
  for (let step = 0; step < 60; step += 1) {
    if ((await focused.count()) === 1) {
      const label = (await focused.ariaSnapshot()).split('\n')[0] ?? '';
      if (typeof name === 'string' ? label.includes(`"${name}"`) : name.test(label)) return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`no control ${name} within 60 tabs`);
}

/** Runs a command of the palette. */
export async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
}

/** Presses a key of the queue until it is taken: it is ignored for a moment after the list has moved. */
export async function pressUntil(page: Page, key: string, taken: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.keyboard.press(key);
    await taken();
  }).toPass();
}

/** axe finds nothing against WCAG in what the selector covers. */
export async function expectAccessible(page: Page, selector: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include(selector).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
}
