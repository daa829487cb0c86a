import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { type ModelServer, startModelServer } from '../fakes/model-server.ts';
import { test as base, type LaunchedApp, type LaunchOptions } from './launch.ts';

export interface Scripted {
  server: ModelServer;
  workspace: string;
  file(name: string): Promise<string>;
  /** Starts the app on the workspace, with the scripted server as its model. */
  start(options?: LaunchOptions): Promise<LaunchedApp>;
}

interface Fixtures {
  scripted: Scripted;
}

/** The app over a scripted model server, in a folder of its own. */
export const test = base.extend<Fixtures>({
  scripted: async ({ launch }, use) => {
    const server = await startModelServer();
    const workspace = await mkdtemp(join(tmpdir(), 'switchyard-work-'));
    await writeFile(join(workspace, 'notes.txt'), 'first line\nsecond line\n');
    await use({
      server,
      workspace,
      file: (name) => readFile(join(workspace, name), 'utf8'),
      start: ({ env, args, ...options } = {}) =>
        launch({
          args: args ?? [workspace],
          env: {
            OPENAI_BASE_URL: server.baseUrl,
            OPENAI_API_KEY: 'sk-e2e-0123456789',
            OPENAI_MODEL: 'scripted',
            ...env,
          },
          ...options,
        }),
    });
    await server.close();
    await rm(workspace, { recursive: true, force: true });
  },
});

/** The window by the names that assistive technology uses. */
export function view(page: Page) {
  const queue = page.getByRole('region', { name: 'Approval queue' });
  return {
    prompt: page.getByRole('textbox', { name: 'Prompt' }),
    transcript: page.getByRole('log', { name: 'Transcript' }),
    tabs: page.getByRole('tablist', { name: 'Sessions' }).getByRole('tab'),
    tree: page.getByRole('tree', { name: 'Session tree' }),
    stop: page.getByRole('button', { name: 'Stop', exact: true }),
    gauge: page.getByRole('meter', { name: 'Context usage' }),
    pill: page.getByRole('button', { name: /^Approvals \d+$/ }),
    queue,
    card: (name: string | RegExp): Locator => queue.getByRole('article', { name }),
    async send(text: string): Promise<void> {
      const prompt = page.getByRole('textbox', { name: 'Prompt' });
      await prompt.fill(text);
      await prompt.press('Enter');
    },
  };
}
