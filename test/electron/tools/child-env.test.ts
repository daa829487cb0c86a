import { expect, it } from 'vitest';
import { childEnvironment } from '../../../electron/tools/child-env.ts';

const kept = (name: string, allowed: string[] = []) => name in childEnvironment({ [name]: 'x' }, allowed);

it.each([
  'OPENAI_API_KEY',
  'API_KEY',
  'GITHUB_TOKEN',
  'TOKEN',
  'npm_config__authToken_TOKEN',
  'MY_SECRET_THING',
  'client_secret',
  'DB_PASSWORD',
  'PASSWORD_FILE',
  'AWS_PROFILE',
  'ELECTRON_RUN_AS_NODE',
  'NODE_OPTIONS',
])('%s does not reach a child unless allowed by name', (name) => {
  expect(kept(name)).toBe(false);
  expect(kept(name, ['OTHER'])).toBe(false);
  expect(kept(name, [name])).toBe(true);
});

it.each(['BASH_ENV', 'ENV', 'BASH_FUNC_ls%%', 'SHELLOPTS', 'PS4', 'CDPATH', 'GLOBIGNORE'])('%s never does', (name) => {
  expect(kept(name, [name])).toBe(false);
});

it.each(['PATH', 'HOME', 'LANG', 'TOKENIZERS_PARALLELISM', 'ENVIRONMENT', 'NODE_ENV', 'LAWS_X'])('%s does', (name) => {
  expect(kept(name)).toBe(true);
});

it('leaves out what has no value', () => {
  expect(childEnvironment({ A: undefined, B: '' }, [])).toEqual({ B: '' });
});
