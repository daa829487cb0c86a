import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../../../electron/permissions/evaluate.ts';
import { allowCases } from './allow-cases.ts';
import { denyAndModeCases } from './deny-cases.ts';
import { optionCases } from './option-cases.ts';
import { readingCases } from './reading-cases.ts';
import { bash, type Folders, makeFolders, policy } from './workspace-fixture.ts';

const groups = [...readingCases, ...allowCases, ...denyAndModeCases, ...optionCases];

let folders: Folders;
beforeAll(async () => {
  folders = await makeFolders();
});
afterAll(() => folders.remove());

const shown = (command: string): string => JSON.stringify(command.length > 80 ? `${command.slice(0, 60)}…` : command);

describe.each(groups)('$name ($source)', ({ cases, mode = 'manual', allow = [], ask = [], deny = [] }) => {
  it.each(cases.map(([command, expected]) => ({ title: shown(command), command, expected })))(
    '$title → $expected',
    async ({ command, expected }) => {
      const { workspace, home } = folders;
      const { decision, reason } = await decide(bash(command), policy(mode, { allow, ask, deny }), { workspace, home });
      expect(`${decision} (${reason})`).toMatch(new RegExp(`^${expected} \\(`));
    },
  );
});

it('has a table of at least 300 commands', () => {
  expect(groups.flatMap((group) => group.cases).length).toBeGreaterThan(300);
});
