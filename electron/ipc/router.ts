import { z } from 'zod';
import { fail, ok, type Result, toFailure } from '../../shared/errors.ts';
import { contract, type Output, type ParsedInput, type Route } from '../../shared/ipc/contract.ts';

/** Who asks, as main itself knows it; never taken from the input. */
export interface Caller {
  windowId: number;
}

/** A missing or a stray handler does not compile. */
export type Handlers = {
  [R in Route]: (input: ParsedInput<R>, caller: Caller) => Output<R> | Promise<Output<R>>;
};

/** Checks the input of every request and turns whatever is thrown into a result. Never rejects. Refuses all once it is not open. */
export function createRouter(
  handlers: Handlers,
  log: { error(message: string, fields?: Record<string, unknown>): void },
  isOpen: () => boolean = () => true,
) {
  return {
    async handle(caller: Caller, route: string, input: unknown): Promise<Result<unknown>> {
      if (!Object.hasOwn(contract, route)) return fail('unsupported', `There is no request "${route}".`);
      if (!isOpen()) return fail('busy', 'Switchyard is shutting down.', 'Start it again to go on.');
      const known = route as Route;
      const parsed = contract[known].input.safeParse(input);
      if (!parsed.success) return fail('invalid', z.prettifyError(parsed.error));
      try {
        const handler = handlers[known] as (input: unknown, caller: Caller) => unknown;
        return ok(await handler(parsed.data, caller));
      } catch (thrown) {
        const error = toFailure(thrown);
        if (error.code === 'internal')
          log.error(`request ${route} failed`, { error: String((thrown as Error)?.stack ?? thrown) });
        return { ok: false, error };
      }
    },
  };
}

export type Router = ReturnType<typeof createRouter>;
