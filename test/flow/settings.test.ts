import { expect, it } from 'vitest';
import { startBench } from './harness.ts';

it('a change of one setting leaves the others as they are [settings.change]', async () => {
  const { window } = await startBench();
  await window.request('settings.change', { changes: { theme: 'dark', defaultMode: 'plan', notifications: false } });
  await window.request('settings.change', { changes: { agentsManageSkills: true } });
  await window.until(() => window.app.settings.agentsManageSkills);
  expect(window.app.settings).toMatchObject({
    theme: 'dark',
    defaultMode: 'plan',
    notifications: false,
    modelTitles: false,
  });
});
