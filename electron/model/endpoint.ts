import type { ModelSourceKind } from '../../shared/app/state.ts';
import type { Prices } from '../../shared/settings.ts';
import type { OpenAiClientOptions } from './openai-client.ts';

/** All that is needed to talk to one model. Holds the key, so it never leaves `electron/model`. */
export interface Endpoint {
  id: string;
  source: ModelSourceKind;
  name: string;
  model: string;
  baseUrl: string;
  apiKey?: string | undefined;
  contextWindow?: number | undefined;
  prices?: Prices | undefined;
  reasoningEffort?: OpenAiClientOptions['reasoningEffort'];
  headers?: Record<string, string> | undefined;
}

export const demoModel = {
  id: 'demo',
  name: 'Demo (not a language model)',
  model: 'switchyard-demo',
  contextWindow: 32_768,
};

export const openAiBaseUrl = 'https://api.openai.com/v1';
