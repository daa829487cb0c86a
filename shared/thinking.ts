export const efforts = ['off', 'minimal', 'low', 'medium', 'high'] as const;
export type Effort = (typeof efforts)[number];

/** How much a model may think before it answers; what is absent is left to the model's profile and its provider. */
export interface Thinking {
  effort?: Effort | undefined;
  /** Tokens, where the provider takes a number; see `takesBudget`. */
  budget?: number | undefined;
}

type Dialect = 'openrouter' | 'dashscope' | 'anthropic' | 'local' | 'openai';

const hosts: [suffix: string, dialect: Dialect][] = [
  ['openrouter.ai', 'openrouter'],
  ['aliyuncs.com', 'dashscope'],
  ['anthropic.com', 'anthropic'],
];

function dialectOf(baseUrl: string): Dialect {
  const host = /^https?:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(baseUrl)?.[1]?.toLowerCase() ?? '';
  if (host === 'localhost' || host === '[::1]' || host.startsWith('127.')) return 'local';
  return hosts.find(([suffix]) => host === suffix || host.endsWith(`.${suffix}`))?.[1] ?? 'openai';
}

/** Whether the provider takes a number of tokens; others only know efforts. */
export const takesBudget = (baseUrl: string): boolean =>
  ['openrouter', 'dashscope', 'anthropic'].includes(dialectOf(baseUrl));

/** The fields of a request that say it in the provider's words. */
export function thinkingFields(baseUrl: string, { effort, budget }: Thinking): Record<string, unknown> {
  if (effort === undefined && budget === undefined) return {};
  const off = effort === 'off';
  const named = effort === undefined ? {} : { reasoning_effort: off ? 'none' : effort };
  switch (dialectOf(baseUrl)) {
    case 'openrouter':
      if (off) return { reasoning: { enabled: false } };
      return { reasoning: budget === undefined ? { effort } : { max_tokens: budget } };
    case 'dashscope':
      return { enable_thinking: !off, ...(off || budget === undefined ? {} : { thinking_budget: budget }) };
    case 'anthropic':
      if (off) return { thinking: { type: 'disabled' } };
      return budget === undefined ? named : { thinking: { type: 'enabled', budget_tokens: budget } };
    case 'local':
      // The templates of local models know a switch and no degrees.
      return effort === undefined ? {} : { ...named, chat_template_kwargs: { enable_thinking: !off } };
    case 'openai':
      return named;
  }
}
