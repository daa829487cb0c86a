import type { Usage } from '../../shared/session/parts.ts';
import type { Prices } from '../../shared/settings.ts';

/** US dollars; cached input is priced as plain input where the provider names no other price. */
export function priceOf(usage: Usage, prices: Prices): number {
  const cached = usage.cachedInput ?? 0;
  const perToken = (price: number) => price / 1_000_000;
  return (
    (usage.input - cached) * perToken(prices.input) +
    cached * perToken(prices.cachedInput ?? prices.input) +
    usage.output * perToken(prices.output)
  );
}
