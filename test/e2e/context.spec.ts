import { expect, type Page } from '@playwright/test';
import { call, gate, type ModelServerRequest, say, usage } from '../fakes/model-server.ts';
import { type Scripted, test, view } from './scripted.ts';

const isSummaryRequest = ({ body }: ModelServerRequest) =>
  String(body.messages[0]?.content).includes('the memory of a coding agent');
const sent = ({ server }: Scripted) => JSON.stringify(server.requests.at(-1)?.body.messages);

/** Some exchanges with a read in each, so that there is something to sum up. */
async function talk(scripted: Scripted, page: Page, exchanges: number): Promise<void> {
  const { send, transcript } = view(page);
  for (let n = 1; n <= exchanges; n += 1) {
    scripted.server.script(
      say(
        `Reading for the ${n}. time.`,
        call('read', { file_path: 'notes.txt' }),
        usage({ input: 2000 + n * 500, output: 20 }),
      ),
      say(`Answer ${n}.`, usage({ input: 2200 + n * 500, output: 20 })),
    );
    await send(`question ${n}`);
    await expect(transcript).toContainText(`Answer ${n}.`);
  }
}

/** One exchange without a tool. */
async function ask(scripted: Scripted, page: Page, n: number): Promise<void> {
  scripted.server.script(say(`Answer ${n}.`));
  await view(page).send(`question ${n}`);
  await expect(view(page).transcript).toContainText(`Answer ${n}.`);
}

/** Less than the model would take, so that the window is soon full. */
async function limitContext(page: Page, tokens: number): Promise<void> {
  const field = inspector(page).getByRole('textbox', { name: 'Most tokens of context' });
  await field.fill(String(tokens));
  await field.press('Enter');
}

const inspector = (page: Page) => page.getByRole('tabpanel', { name: 'Context' });

async function openContext(page: Page): Promise<void> {
  await page.getByRole('tablist', { name: 'Inspector' }).getByRole('tab', { name: 'Context' }).click();
  await expect(inspector(page)).toContainText('The next request');
}

test('the context is compacted, its summary changed, and all of it taken back [compact.summary] [compact.edit] [compact.undo]', async ({
  scripted,
}, testInfo) => {
  const { page } = await scripted.start();
  const { transcript } = view(page);
  await talk(scripted, page, 4);
  await openContext(page);
  await page.screenshot({ path: testInfo.outputPath('1-context.png') });

  scripted.server.when(isSummaryRequest, say('**Goal:** answer the questions.\n\n- `notes.txt` was read three times.'));
  await inspector(page).getByRole('button', { name: 'Compact now…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Compact the context' });
  await expect(dialog).toContainText('Answer 1.');
  await page.screenshot({ path: testInfo.outputPath('2-dialog.png') });
  await dialog.getByRole('button', { name: 'Compact', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  const card = transcript.getByRole('region', { name: 'Context compacted' });
  await expect(card).toContainText('Context summed up');
  await card.getByRole('button', { name: /Context summed up/ }).click();
  await expect(card).toContainText('was read three times');
  await expect(transcript).toContainText('Answer 1.');
  await expect(inspector(page)).toContainText('Summary');
  await page.screenshot({ path: testInfo.outputPath('3-compacted.png') });

  await card.getByRole('button', { name: 'Edit summary' }).click();
  await card.getByRole('textbox', { name: 'Summary' }).fill('The person likes short answers.');
  await page.screenshot({ path: testInfo.outputPath('4-editing.png') });
  await card.getByRole('button', { name: 'Save summary' }).click();
  await expect(card).toContainText('Edited');
  await ask(scripted, page, 5);
  expect(sent(scripted)).toContain('The person likes short answers.');
  expect(sent(scripted)).not.toContain('Answer 1.');

  await card.getByRole('button', { name: 'Undo' }).click();
  await expect(card).toContainText('Undone');
  await ask(scripted, page, 6);
  expect(sent(scripted)).toContain('Answer 1.');
  expect(sent(scripted)).not.toContain('The person likes short answers.');
});

test('what is pinned survives, what is taken out is not sent, and the threshold is shown and changed [context.pin] [context.drop]', async ({
  scripted,
}, testInfo) => {
  const { page } = await scripted.start();
  await talk(scripted, page, 4);
  await openContext(page);
  const panel = inspector(page);
  await limitContext(page, 20000);
  await expect(panel).toContainText('Free');
  await panel.getByRole('button', { name: /^Compact by itself/ }).click();
  await page.getByRole('menuitemradio', { name: 'At 90%' }).click();
  await expect(panel.getByRole('button', { name: /^Compact by itself/ })).toContainText('At 90%');

  await page.getByRole('button', { name: 'Compact now…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Compact the context' });
  const row = dialog.getByText('Answer 2.').locator('..');
  await row.getByRole('button', { name: /^Pin/ }).click();
  await expect(dialog.getByText('Answer 2.')).toHaveCount(0);
  scripted.server.when(isSummaryRequest, say('The gist.'));
  await dialog.getByRole('button', { name: 'Compact', exact: true }).click();
  await expect(dialog).toHaveCount(0);

  const last = panel.getByRole('article', { name: 'Agent' }).filter({ hasText: 'Answer 4.' });
  await panel.hover();
  await expect(async () => {
    await page.mouse.wheel(0, 5000);
    await expect(last).toBeVisible({ timeout: 500 });
  }).toPass();
  await last.getByRole('button', { name: 'Take out of the context' }).click();
  await expect(panel.getByRole('region', { name: 'Taken out' })).toContainText('Answer 4.');
  await page.screenshot({ path: testInfo.outputPath('5-pinned-dropped.png') });
  await ask(scripted, page, 5);
  expect(sent(scripted)).toContain('Answer 2.');
  expect(sent(scripted)).not.toContain('Answer 1.');
  expect(sent(scripted)).not.toContain('Answer 4.');
  await panel.getByRole('button', { name: 'Put back into the context' }).click();
  await expect(panel.getByRole('region', { name: 'Taken out' })).toHaveCount(0);
});

test('/compact in the composer goes to the model that writes the summary, not to the agent [compact.slash]', async ({
  scripted,
}) => {
  const { page } = await scripted.start();
  const { send, transcript } = view(page);
  await talk(scripted, page, 3);
  scripted.server.when(isSummaryRequest, say('The gist.'));
  await send('/compact keep the file names');
  await expect(transcript.getByRole('region', { name: 'Context compacted' })).toBeVisible();
  expect(sent(scripted)).toContain('keep the file names');
  expect(scripted.server.requests.filter((request) => !isSummaryRequest(request))).toHaveLength(6);
});

test('a run that fills the window is compacted on its way, and says so [compact.auto]', async ({
  scripted,
}, testInfo) => {
  const { page } = await scripted.start();
  const { send, transcript } = view(page);
  await talk(scripted, page, 4);
  await openContext(page);
  await limitContext(page, 6000);
  const hold = gate();
  scripted.server.when(isSummaryRequest, say(hold, 'The gist.'));
  scripted.server.script(
    say('Reading.', call('read', { file_path: 'notes.txt' }), usage({ input: 5500, output: 20 })),
    say('Done at last.', usage({ input: 3000, output: 20 })),
  );
  await send('once more');
  await expect(transcript).toContainText('Compacting the context');
  await page.screenshot({ path: testInfo.outputPath('6-compacting.png') });
  hold.open();
  await expect(transcript).toContainText('Done at last.');
  await expect(transcript.getByRole('region', { name: 'Context compacted' })).toContainText('by itself');
  await page.screenshot({ path: testInfo.outputPath('7-auto.png') });
});
