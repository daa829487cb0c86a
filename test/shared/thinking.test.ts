import { expect, it } from 'vitest';
import { takesBudget, thinkingFields } from '../../shared/thinking.ts';

it.each([
  ['https://api.openai.com/v1', { effort: 'high' }, { reasoning_effort: 'high' }],
  ['https://api.openai.com/v1', { effort: 'off' }, { reasoning_effort: 'none' }],
  ['https://api.openai.com/v1', { budget: 9 }, {}],
  ['https://api.openai.com/v1', {}, {}],
  [
    'http://localhost:8080/v1',
    { effort: 'off' },
    { reasoning_effort: 'none', chat_template_kwargs: { enable_thinking: false } },
  ],
  [
    'http://[::1]:8080/v1',
    { effort: 'low' },
    { reasoning_effort: 'low', chat_template_kwargs: { enable_thinking: true } },
  ],
  ['https://openrouter.ai/api/v1', { effort: 'low' }, { reasoning: { effort: 'low' } }],
  ['https://openrouter.ai/api/v1', { effort: 'low', budget: 9 }, { reasoning: { max_tokens: 9 } }],
  ['https://openrouter.ai/api/v1', { effort: 'off', budget: 9 }, { reasoning: { enabled: false } }],
  ['https://dashscope.aliyuncs.com/compatible-mode/v1', { budget: 9 }, { enable_thinking: true, thinking_budget: 9 }],
  ['https://dashscope.aliyuncs.com/compatible-mode/v1', { effort: 'off' }, { enable_thinking: false }],
  ['https://api.anthropic.com/v1', { budget: 2000 }, { thinking: { type: 'enabled', budget_tokens: 2000 } }],
  ['https://api.anthropic.com/v1', { effort: 'off' }, { thinking: { type: 'disabled' } }],
  ['https://notopenrouter.ai/v1', { effort: 'low' }, { reasoning_effort: 'low' }],
] as const)('at %s %j is sent as %j [model.thinking]', (baseUrl, thinking, fields) => {
  expect(thinkingFields(baseUrl, thinking)).toEqual(fields);
});

it('only some providers take a number of tokens', () => {
  expect(takesBudget('https://openrouter.ai/api/v1')).toBe(true);
  expect(takesBudget('https://api.openai.com/v1')).toBe(false);
  expect(takesBudget('http://127.0.0.1:1234/v1')).toBe(false);
});
