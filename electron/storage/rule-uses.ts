import { z } from 'zod';
import type { Envelope } from '../../shared/session/events.ts';
import type { Log } from '../log.ts';
import { createDocument } from './durable-json.ts';

const useSchema = z.object({ hits: z.number().int().nonnegative(), lastAt: z.number() });
export type RuleUse = z.infer<typeof useSchema>;

const usesSchema = z.object({ uses: z.record(z.string(), useSchema).default({}) });

/** Uses of a rule that nobody looks at for so long are not worth a write each. */
const saveAfterMs = 2000;

/** Counts how often each rule decided, over all sessions; only a tally, kept apart from the facts. */
export function createRuleUses({ path, log }: { path: string; log: Log }) {
  const document = createDocument({
    path,
    schema: usesSchema,
    defaults: () => usesSchema.parse({}),
    log,
    makeFolder: true,
  });
  const counted = new Map<string, RuleUse>();
  let timer: NodeJS.Timeout | undefined;
  const loading = document.load().then(
    ({ data }) => {
      for (const [rule, use] of Object.entries(data.uses)) {
        const since = counted.get(rule);
        counted.set(rule, since ? { hits: since.hits + use.hits, lastAt: since.lastAt } : use);
      }
    },
    () => log.warn('The uses of rules could not be read', { path }),
  );
  const save = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    await loading;
    await document.save({ uses: Object.fromEntries(counted) }).catch(() => undefined);
  };
  return {
    of: (rule: string): RuleUse | undefined => counted.get(rule),
    envelope({ event, at }: Envelope): void {
      const decided = event.type === 'call.decided' || event.type === 'approval.resolved';
      if (!decided || event.rule === undefined) return;
      for (const { rule } of event.rules ?? [{ rule: event.rule }]) {
        counted.set(rule, { hits: (counted.get(rule)?.hits ?? 0) + 1, lastAt: at });
      }
      timer ??= setTimeout(() => void save(), saveAfterMs).unref();
    },
    async flush(): Promise<void> {
      if (timer) await save();
      await document.idle();
    },
  };
}

export type RuleUses = ReturnType<typeof createRuleUses>;
