import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogueDate, catalogueSource, lookUpModel } from '../../../electron/model/catalogue.ts';

test('knows a model by its name, with window and prices', () => {
  expect(lookUpModel('gpt-5')).toEqual({
    contextWindow: 400_000,
    prices: { input: 1.25, output: 10, cachedInput: 0.125 },
  });
});

test('is tolerant of prefixes, case and release dates, the exact name first', () => {
  expect(lookUpModel('openai/gpt-5')).toEqual(lookUpModel('gpt-5'));
  expect(lookUpModel('some-gateway/openai/GPT-5')).toEqual(lookUpModel('gpt-5'));
  expect(lookUpModel('gpt-5-2099-01-31')).toEqual(lookUpModel('gpt-5'));
  expect(lookUpModel('gpt-4o-2024-05-13')).not.toEqual(lookUpModel('gpt-4o'));
});

test('says nothing of models it does not know, whatever they are called', () => {
  for (const id of ['', 'gpt', 'gpt-5-huge', 'llama3.1:8b', '__proto__', 'constructor', 'toString']) {
    expect(lookUpModel(id)).toBeUndefined();
  }
});

test('tells its date and source, and stays small', () => {
  expect(catalogueDate).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(catalogueSource).toContain('pi-ai');
  expect(statSync(new URL('../../../electron/model/catalogue.json', import.meta.url)).size).toBeLessThan(150 * 1024);
});
