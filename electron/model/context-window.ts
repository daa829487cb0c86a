import { lookUpModel } from './catalogue.ts';
import type { Endpoint } from './endpoint.ts';
import { liveWindow } from './live-window.ts';
import type { ResolvedModel } from './model-client.ts';
import { isLoopback } from './provider-error.ts';

type Limits = Pick<ResolvedModel, 'contextWindow' | 'windowSource' | 'prices'>;

const askMs = 700;
/** A local server may load its model anew at any time; a hosted one does not change, but may have been out of reach. */
const keepLocalMs = 10_000;
const keepUnknownMs = 60_000;

/**
 * Finds a model's window: the person's setting, then what the endpoint says, then the catalogue, else unknown. A hosted endpoint whose
 * model the catalogue knows is asked in the background, so that no prompt waits for it. Prices: setting, then catalogue; none for
 * servers of this machine.
 */
export function createWindowFinder(now: () => number) {
  const answers = new Map<string, { until: number; window: Promise<number | undefined> }>();

  const live = (endpoint: Endpoint, local: boolean): Promise<number | undefined> => {
    const place = `${endpoint.baseUrl} ${endpoint.model}`;
    const known = answers.get(place);
    if (known && now() < known.until) return known.window;
    const headers = { ...(endpoint.apiKey ? { authorization: `Bearer ${endpoint.apiKey}` } : {}), ...endpoint.headers };
    const window = liveWindow(endpoint.baseUrl, endpoint.model, { timeoutMs: askMs, headers });
    const answer = { until: now() + (local ? keepLocalMs : keepUnknownMs), window };
    answers.set(place, answer);
    void window.then((found) => {
      if (found !== undefined && !local) answer.until = Number.POSITIVE_INFINITY;
    });
    return window;
  };

  return async (endpoint: Endpoint): Promise<Limits> => {
    const local = isLoopback(endpoint.baseUrl);
    const listed = lookUpModel(endpoint.model);
    const prices = endpoint.prices ?? (local ? undefined : listed?.prices);
    const limits = prices ? { prices } : {};
    if (endpoint.contextWindow) return { ...limits, contextWindow: endpoint.contextWindow, windowSource: 'setting' };
    const asked = live(endpoint, local);
    const known = local || !listed ? await asked : await Promise.race([asked, Promise.resolve(undefined)]);
    if (known !== undefined) return { ...limits, contextWindow: known, windowSource: 'endpoint' };
    return listed ? { ...limits, contextWindow: listed.contextWindow, windowSource: 'catalogue' } : limits;
  };
}
