import type { Editing, FreshLook } from '../../shared/approvals/editing.ts';
import type { Risk } from '../../shared/session/parts.ts';
import type { PendingApproval } from '../../shared/session/state.ts';
import { mapStrings } from '../redact-event.ts';
import { definitionOf } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';

export interface CallInspectorDeps {
  /** Throws `stale` when the approval is no longer there. */
  pending(id: string): { approval: PendingApproval; workspace: string };
  /** The tools that a session in this folder has. */
  tools(workspace: string): Promise<Tool[]>;
  /** Takes our own keys out, as is done with everything that is stored or shown. */
  redact(text: string): string;
  assessRisk(
    call: { tool: string; args: unknown },
    about: { workspace: string; effects: Tool['effects'] },
  ): Promise<Risk>;
}

/** Looks at waiting calls for the person who decides on them; nothing is changed and nothing runs. */
export function createCallInspector({ pending, tools, redact, assessRisk }: CallInspectorDeps) {
  const parsed = async (approval: PendingApproval, workspace: string, given = approval.args) => {
    const known = approval.callId === undefined ? [] : await tools(workspace);
    const found = known.find(({ name }) => name === approval.tool);
    const args = found?.schema.safeParse(given);
    return { found, args: args?.success ? args.data : undefined };
  };
  return {
    /** What a form for the call's arguments needs to know. */
    async editing(id: string): Promise<Editing> {
      const { approval, workspace } = pending(id);
      const { found, args } = await parsed(approval, workspace);
      if (!found) return {};
      const compare = args === undefined ? undefined : await found.editing?.(args, { workspace });
      return { schema: definitionOf(found).parameters, ...(compare ? { compare: clean(compare) } : {}) };
    },

    /** Whether the call would be shown otherwise now than on its card. */
    async look(id: string): Promise<FreshLook> {
      const { approval, workspace } = pending(id);
      const { found, args } = await parsed(approval, workspace);
      if (!found || args === undefined) return {};
      const detail = clean((await found.describe(args, { workspace })).detail);
      return JSON.stringify(detail) === JSON.stringify(clean(approval.detail)) ? {} : { detail };
    },

    /** How risky the call would be with these arguments; nothing where they do not fit its tool. */
    async assess(id: string, edited: unknown): Promise<{ risk?: Risk }> {
      const { approval, workspace } = pending(id);
      const { found, args } = await parsed(approval, workspace, edited);
      if (!found || args === undefined) return {};
      return { risk: clean(await assessRisk({ tool: found.name, args }, { workspace, effects: found.effects })) };
    },
  };

  function clean<T>(value: T): T {
    return mapStrings(value, redact) as T;
  }
}

export type CallInspector = ReturnType<typeof createCallInspector>;
