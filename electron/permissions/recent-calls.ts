import type { MatchedCall } from '../../shared/ipc/contract.ts';
import type { Envelope } from '../../shared/session/events.ts';
import type { CallToJudge, Decide, Declared, PolicyInput } from './policy.ts';

interface RecentCall extends CallToJudge {
  id: string;
  sessionId: string;
  title: string;
  at: number;
}

const kept = 200;

/** Longer texts are bodies, which no rule looks at. */
const longest = 10_000;

function slim(args: unknown): unknown {
  if (typeof args !== 'object' || args === null) return {};
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      typeof value === 'string' && value.length > longest ? '' : value,
    ]),
  );
}

export interface RecentCallsDeps {
  decide: Decide;
  /** Undefined for a session that is gone. */
  workspaceOf(sessionId: string): string | undefined;
  /** What a tool declares about itself. */
  declared(tool: string): Declared;
  home: string;
}

/** The newest calls of all sessions that were at work since the start, for trying rules on them. */
export function createRecentCalls({ decide, workspaceOf, declared, home }: RecentCallsDeps) {
  const calls: RecentCall[] = [];
  return {
    envelope({ stream, at, event }: Envelope): void {
      if (event.type === 'approval.requested' && event.callId !== undefined) {
        // As they will run: with what the tool fills in.
        const asked = calls.findLast(({ id }) => id === event.callId);
        if (asked) asked.args = slim(event.args);
      }
      if (event.type !== 'call.requested' || event.malformed) return;
      calls.push({
        id: event.callId,
        sessionId: stream,
        at,
        title: event.title,
        tool: event.tool,
        args: slim(event.args),
      });
      if (calls.length > kept) calls.shift();
    },

    /** The calls that these rules alone would have let through, newest first, in the sessions they would hold in. */
    async matching(
      rules: string[],
      holdsIn: (sessionId: string, workspace: string) => boolean,
    ): Promise<{ matched: MatchedCall[]; of: number }> {
      const policy: PolicyInput = { mode: 'manual', allow: rules, ask: [], deny: [] };
      const matched: MatchedCall[] = [];
      for (const { tool, args, sessionId, title, at } of [...calls].reverse()) {
        const workspace = workspaceOf(sessionId);
        if (workspace === undefined || !holdsIn(sessionId, workspace)) continue;
        const { decision, rule } = await decide({ tool, args }, policy, { workspace, home, ...declared(tool) });
        if (decision === 'allow' && rule !== undefined) matched.push({ tool, title, sessionId, at });
      }
      return { matched, of: calls.length };
    },
  };
}

export type RecentCalls = ReturnType<typeof createRecentCalls>;
