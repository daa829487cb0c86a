import { expect } from '@playwright/test';
import { call, say } from '../fakes/model-server.ts';
import { pressUntil, tabTo } from './keyboard.ts';
import { test, view } from './scripted.ts';

const bash = (line: string) => call('bash', { command: line });

test('the mode goes round with Shift+Tab, and Bypass shows a banner until it is left', async ({ scripted }) => {
  scripted.server.script(say(bash('touch made.txt')), say('Done.'));
  const { page } = await scripted.start();
  const { prompt, send, transcript } = view(page);
  await expect(prompt).toBeFocused();
  const mode = (name: string) => page.getByRole('button', { name: `Mode: ${name}` });
  for (const name of ['Accept edits', 'Plan', 'Manual']) {
    await page.keyboard.press('Shift+Tab');
    await expect(mode(name)).toBeVisible();
    await expect(prompt).toBeFocused();
  }
  // Steps that come before main can have answered the first of them count too.
  const steps = (count: number) =>
    prompt.evaluate((field, presses) => {
      for (let n = 0; n < presses; n += 1)
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', shiftKey: true, bubbles: true }));
    }, count);
  await steps(2);
  await expect(mode('Plan')).toBeVisible();
  await steps(4);
  await expect(mode('Manual')).toBeVisible();
  await tabTo(page, 'Mode: Manual');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitemradio', { name: /^Manual/ })).toBeFocused();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const confirm = page.getByRole('alertdialog');
  await expect(confirm).toBeVisible();
  await tabTo(page, /button "Bypass/);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Bypass permissions: nothing is asked.')).toBeVisible();
  await send('go');
  await expect(transcript).toContainText('Done.');
  expect(await scripted.file('made.txt')).toBe('');
  await expect(page.getByText('Bypass permissions: nothing is asked.')).toBeVisible();
  await tabTo(page, 'Back to Manual');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Bypass permissions: nothing is asked.')).toHaveCount(0);
  await expect(mode('Manual')).toBeVisible();
});

test('Plan mode by keyboard: a plan is sent back with a word, changed, and approved', async ({ scripted }) => {
  const plan = (text: string) => call('plan', { plan: text });
  scripted.server.script(
    say(bash('touch made.txt'), plan('# First\n\n1. touch')),
    say(plan('# Second\n\n1. test')),
    say(bash('touch made.txt')),
    say('Done.'),
  );
  const { page } = await scripted.start();
  const { prompt, send, card, transcript, pill } = view(page);
  await expect(prompt).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByRole('button', { name: 'Mode: Plan' })).toBeVisible();
  await send('plan it');
  await expect(card('plan: First')).toContainText('touch');
  await page.keyboard.press('ControlOrMeta+Shift+J');
  await pressUntil(page, 'd', () => expect(card('plan: First').getByRole('textbox')).toBeFocused({ timeout: 300 }));
  await page.keyboard.type('tests first');
  await page.keyboard.press('Enter');
  const second = card('plan: Second');
  await expect(second).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+J');
  const text = second.getByRole('textbox', { name: 'plan' });
  await pressUntil(page, 'e', () => expect(text).toBeFocused({ timeout: 300 }));
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type(' and lint');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(card('bash: touch made.txt')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Mode: Manual' })).toBeVisible();
  const told = (await scripted.server.request(2)).body.messages.map(({ content }) => String(content)).join('\n');
  expect(told).toContain('tests first');
  expect(told).toContain('and lint');
  expect(told).toContain('approved the plan');
  await page.keyboard.press('ControlOrMeta+Shift+J');
  await pressUntil(page, 'a', () => expect(pill).toHaveCount(0, { timeout: 300 }));
  await expect(transcript).toContainText('Done.');
});

test('keys cannot misfire: after a move of the list, for high risk, out of sight, with Esc', async ({ scripted }) => {
  const calls = ['touch a', 'touch b', 'rm -rf /opt/nothing-here', ...'cdefg'.split('').map((name) => `touch ${name}`)];
  scripted.server.script(say(...calls.map(bash)), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, queue, pill } = view(page);
  await send('go');
  await expect(pill).toHaveText(/8/);
  const cards = queue.getByRole('article');
  await queue.focus();
  await page.keyboard.press('j');
  await expect(card('bash: touch a')).toBeFocused();

  // Presses that fall on a list that has just moved, in the very moment in which it has.
  await page.waitForTimeout(450);
  await page.evaluate(() => {
    const card = (name: string) => document.querySelector(`article[aria-label="bash: touch ${name}"]`);
    const observer = new MutationObserver(() => {
      if (card('a')) return;
      observer.disconnect();
      for (const key of ['a', 'd']) card('b')?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
  await page.keyboard.press('a');
  await expect(pill).toHaveText(/7/);
  await expect(card('bash: touch b')).toBeFocused();
  await expect(card('bash: touch b').getByRole('textbox')).toHaveCount(0);
  await expect(pill).toHaveText(/7/);

  // Esc answers nothing, not in the card and not in its forms.
  await page.keyboard.press('Escape');
  await pressUntil(page, 'd', () => expect(card('bash: touch b').getByRole('textbox')).toBeFocused({ timeout: 300 }));
  await page.keyboard.press('Escape');
  await expect(card('bash: touch b')).toBeFocused();
  await expect(pill).toHaveText(/7/);

  // A high risk takes a second press.
  await page.keyboard.press('j');
  const high = card(/^bash: rm/);
  await expect(high).toBeFocused();
  await page.keyboard.press('a');
  await expect(high.getByRole('status')).toHaveText('High risk: press A again to allow it.');
  await expect(pill).toHaveText(/7/);
  await page.keyboard.press('a');
  await expect(pill).toHaveText(/6/);

  // What was scrolled out of sight is shown first.
  await page.waitForTimeout(450);
  const next = await cards.locator(':scope:focus').getAttribute('aria-label');
  await queue.locator('[data-virtuoso-scroller]').evaluate((list) => {
    const card = document.activeElement?.getBoundingClientRect();
    list.scrollBy(0, (card?.bottom ?? 0) - list.getBoundingClientRect().top - 60);
  });
  await expect(card(next ?? '')).not.toBeInViewport({ ratio: 0.5 });
  await page.keyboard.press('a');
  await expect(card(next ?? '').getByRole('status')).toHaveText('It was out of sight: press A again to allow it.');
  await expect(card(next ?? '')).toBeInViewport({ ratio: 0.5 });
  await expect(pill).toHaveText(/6/);
  await page.keyboard.press('a');
  await expect(pill).toHaveText(/5/);
});

test('order, groups, Later and comments by keyboard; the model hears what was said', async ({ scripted }) => {
  scripted.server.script(say(bash('touch a.txt'), bash('mkdir made'), bash('touch b.txt')), say('Done.'));
  const { page } = await scripted.start();
  const { send, card, queue, pill, transcript } = view(page);
  await send('go');
  await expect(pill).toHaveText(/3/);
  const names = () =>
    queue.getByRole('article').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')?.slice(6)));
  expect(await names()).toEqual(['touch a.txt', 'mkdir made', 'touch b.txt']);
  await queue.focus();
  await tabTo(page, /Group: Not grouped/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(queue.getByRole('heading', { level: 2 }).first()).toContainText('bash touch');
  await expect.poll(names).toEqual(['touch a.txt', 'touch b.txt', 'mkdir made']);

  await page.keyboard.press('ControlOrMeta+Shift+J');
  await pressUntil(page, 'l', () => expect(pill).toHaveText(/2/, { timeout: 300 }));
  await expect(queue.getByRole('heading', { name: /Later/ })).toBeVisible();
  await expect(card('bash: touch b.txt').getByRole('button', { name: 'Bring back' })).toBeVisible();

  await page.keyboard.press('ControlOrMeta+Shift+J');
  const mkdir = card('bash: mkdir made');
  await expect(mkdir).toBeFocused();
  await pressUntil(page, 'c', () =>
    expect(mkdir.getByRole('textbox', { name: /Comment for the model/ })).toBeFocused({ timeout: 300 }),
  );
  await page.keyboard.type('only this folder');
  await page.keyboard.press('Enter');
  await expect(mkdir).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+Shift+J');
  await pressUntil(page, 'a', () => expect(card('bash: touch a.txt')).toHaveCount(0, { timeout: 300 }));
  await expect(pill).toHaveCount(0);

  // Set aside is not answered: it can still be.
  await queue.focus();
  await page.keyboard.press('j');
  await expect(card('bash: touch b.txt')).toBeFocused();
  await pressUntil(page, 'd', () =>
    expect(card('bash: touch b.txt').getByRole('textbox')).toBeFocused({ timeout: 300 }),
  );
  await page.keyboard.type('no need');
  await page.keyboard.press('Enter');
  await expect(transcript).toContainText('Done.');
  const told = (await scripted.server.request(1)).body.messages.map(({ content }) => String(content)).join('\n');
  expect(told).toContain("The person's comment: only this folder");
  expect(told).toContain('They said: no need');
});
