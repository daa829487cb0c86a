import { fail, ok, type Result } from '../../shared/errors.ts';
import type { CallSandbox, SandboxSettings } from '../../shared/sandbox/sandbox.ts';
import { deniedPlaces } from '../permissions/denied-places.ts';
import type { DecisionContext } from '../permissions/policy.ts';
import type { Confined, Sandbox } from '../sandbox/sandbox.ts';
import type { Tool, ToolResult } from '../tools/tool.ts';

export interface CommandSandboxDeps {
  sandbox: Sandbox;
  settings(): SandboxSettings;
  sessionId: string;
  workspace: string;
  home: string;
  /** Deny rules of the session and of all above it. */
  deny(): string[];
}

export const wantsOutside = (args: unknown): boolean =>
  typeof args === 'object' && args !== null && 'outside_sandbox' in args && args.outside_sandbox === true;

/** Only commands are confined; what other tools may touch is checked by themselves. */
const isCommand = (tool: Tool | undefined): boolean => tool?.kind === 'command' && tool.effects.runs;

/** The sandbox as one session's calls see it. */
export function commandSandbox(deps: CommandSandboxDeps) {
  const stateFor = (tool: Tool | undefined, args: unknown): Promise<CallSandbox> | undefined =>
    isCommand(tool) ? deps.sandbox.stateFor(deps.workspace, wantsOutside(args)) : undefined;

  return {
    /** What the decision on a call should know. */
    async forDecision(tool: Tool | undefined, args: unknown): Promise<DecisionContext['sandbox']> {
      const state = await stateFor(tool, args);
      return state && { state, autoAllow: deps.settings().autoAllow };
    },

    /**
     * Where the call runs: nothing for one that is no command, or that is to run outside. `confinedOnly`: it was decided on as a
     * sandboxed one; then this fails when it cannot be one any more.
     */
    async prepare(
      tool: Tool,
      args: unknown,
      confinedOnly: boolean,
    ): Promise<Result<{ state: CallSandbox; confined?: Confined } | undefined>> {
      const state = await stateFor(tool, args);
      if (!state) return ok(undefined);
      if (state.state === 'on') {
        const { sessionId, workspace, home } = deps;
        const denied = await deniedPlaces(deps.deny(), { workspace, home });
        const confined = await deps.sandbox.confine({ sessionId, workspace, denied });
        return confined.ok ? ok({ state: confined.value.state, confined: confined.value }) : confined;
      }
      if (confinedOnly && !wantsOutside(args)) {
        return fail(
          'stale',
          `It was to run in the sandbox, which cannot be used any more: ${state.reason}. Nothing was run.`,
          'Make the call again, so that it can be decided on anew.',
        );
      }
      return ok({ state });
    },
  };
}

/** The result with what the sandbox means for it: what a model must know to go on, and what a person should look at. */
export function withSandbox(
  result: ToolResult,
  { state, confined }: { state: CallSandbox; confined?: Confined },
  shown: (path: string) => string,
): ToolResult {
  const notes: string[] = [];
  const made = confined?.appeared() ?? [];
  if (made.length > 0) {
    notes.push(`[made protected places, which may run programs later: ${made.slice(0, 10).map(shown).join(', ')}]`);
  }
  if (state.state === 'on' && result.status === 'error') {
    const network = state.network === 'off' ? 'there is no network' : 'only allowed domains are reached';
    notes.push(
      `[ran in a sandbox: only the workspace and /tmp can be written, protected files not, and ${network}. If that is why it failed, it can be tried again with outside_sandbox.]`,
    );
  }
  const output = [result.output, ...notes].filter(Boolean).join('\n');
  return { ...result, output, sandbox: state };
}
