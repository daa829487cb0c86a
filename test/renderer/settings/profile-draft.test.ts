import { expect, it } from 'vitest';
import { draftOf, problemsOf, profileOf } from '../../../renderer/settings/profile-draft.ts';
import { profileSchema } from '../../../shared/settings.ts';

const good = { ...draftOf(undefined), name: ' Work ', baseUrl: 'http://localhost:8080/v1', model: 'm' };

it('names what is missing or wrong, by field', () => {
  expect(Object.keys(problemsOf(draftOf(undefined)))).toEqual(['name', 'baseUrl', 'model']);
  expect(problemsOf({ ...good, baseUrl: 'file:///etc/passwd' })).toHaveProperty('baseUrl');
  expect(problemsOf({ ...good, contextWindow: 'many' })).toHaveProperty('contextWindow');
  expect(problemsOf(good)).toEqual({});
});

it('makes a profile that the contract takes', () => {
  const profile = profileOf({ ...good, contextWindow: '128k', reasoningEffort: 'high' }, undefined);
  expect(profileSchema.partial({ id: true }).parse(profile)).toMatchObject({
    name: 'Work',
    contextWindow: 128_000,
    reasoningEffort: 'high',
  });
});

it('keeps what it does not show', () => {
  const before = { id: 'p', ...good, contextWindow: 1, reasoningEffort: undefined, prices: { input: 1, output: 2 } };
  expect(profileOf({ ...draftOf(before), contextWindow: '' }, before)).toMatchObject({
    id: 'p',
    prices: { input: 1, output: 2 },
    contextWindow: undefined,
  });
});
