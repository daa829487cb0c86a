import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/errors.ts';
import type { CallSandbox, SandboxSettings, SandboxStatus } from '../../shared/sandbox/sandbox.ts';
import { findProgram } from '../programs.ts';
import { bubblewrapLine, proxyPort } from './bubblewrap.ts';
import type { DomainProxy } from './domain-proxy.ts';
import { appeared, type Confinement, findPlaces, type PlaceSources, refusedWorkspace } from './places.ts';
import { probe } from './probe.ts';

export interface SandboxDeps {
  /** For finding programs. */
  env: Record<string, string | undefined>;
  home: string;
  /** Our own data, which commands never see. */
  protectedFolders: string[];
  settings(): SandboxSettings;
  /** Told at every change. */
  onStatus?(status: SandboxStatus): void;
  platform?: NodeJS.Platform;
}

export interface ConfineRequest {
  sessionId: string;
  workspace: string;
  denied: PlaceSources['denied'];
}

/** One command's place to run in. */
export interface Confined {
  state: CallSandbox;
  /** Turns a command line into one that runs the same confined. */
  wrap(command: string[]): string[];
  /** The environment for it, from that of a command that is not confined. */
  env(base: Record<string, string>): Record<string, string>;
  /** Protected places that came into being while it ran; what does not exist cannot be kept from being made. */
  appeared(): string[];
}

/** The one place that knows whether and how commands are confined. */
export interface Sandbox {
  /** Tries the sandbox anew, for real. Never throws. */
  check(): Promise<SandboxStatus>;
  /** What is to become of a command in this workspace; `outside`: it asks to run outside. */
  stateFor(workspace: string, outside: boolean): Promise<CallSandbox>;
  /** Fails when the command cannot be confined; it must not run then. */
  confine(request: ConfineRequest): Promise<Result<Confined>>;
  close(): Promise<void>;
}

/** They lead to programs outside. */
const doorNames = [
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'SSH_AUTH_SOCK',
  'SSH_AGENT_PID',
  'GPG_AGENT_INFO',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'DOCKER_HOST',
];

export function createSandbox(deps: SandboxDeps): Sandbox {
  const platform = deps.platform ?? process.platform;
  const isLinux = platform === 'linux';
  let checked: Promise<SandboxStatus> | undefined;
  let root: string | undefined;
  let proxy: Promise<DomainProxy> | undefined;
  const find = (name: string) => findProgram(name, deps.env);
  const programName = isLinux ? 'bwrap' : 'sandbox-exec';

  const tempRoot = (): string => {
    root ??= mkdtempSync(join(realpathSync(tmpdir()), 'switchyard-commands-'));
    return root;
  };

  const line = async (command: string[], places: Confinement, via?: DomainProxy): Promise<string[]> => {
    const program = find(programName);
    const bash = find('bash');
    if (!program || !bash) throw new Error(`${program ? 'bash' : programName} is gone`);
    if (isLinux) {
      const bridge = via && { socat: find('socat') ?? '', socket: String(via.address) };
      return bubblewrapLine({ bwrap: program, bash }, command, places, bridge);
    }
    // The profile's language is of no use elsewhere, so it is not loaded there.
    const { seatbeltLine } = await import('./seatbelt.ts');
    return seatbeltLine(program, command, places, via && Number(via.address));
  };

  const tryOut = async (): Promise<SandboxStatus> => {
    if (!isLinux && platform !== 'darwin') {
      return { state: 'unavailable', reason: 'this system has no sandbox that Switchyard can use' };
    }
    if (!find(programName)) {
      if (!isLinux) return { state: 'unavailable', reason: 'sandbox-exec was not found' };
      return {
        state: 'unavailable',
        reason: 'bubblewrap is not installed',
        hint: 'Install it with your package manager, for example: sudo apt install bubblewrap socat',
      };
    }
    const problem = await probe({ home: deps.home, env: deps.env, line });
    if (problem) return { state: 'unavailable', ...problem };
    const noDomains = isLinux && !find('socat') ? { noDomains: 'socat is not installed' } : {};
    return { state: 'ready', kind: isLinux ? 'bubblewrap' : 'seatbelt', ...noDomains };
  };

  const check = (): Promise<SandboxStatus> => {
    checked = tryOut().then((found) => {
      deps.onStatus?.(found);
      return found;
    });
    return checked;
  };

  const networkOf = (found: SandboxStatus): 'off' | 'domains' =>
    found.state === 'ready' && !found.noDomains && deps.settings().domains.length > 0 ? 'domains' : 'off';

  const stateFor = async (workspace: string, outside: boolean): Promise<CallSandbox> => {
    const off = (reason: string) => ({ state: 'off', reason }) as const;
    if (!deps.settings().enabled) return { ...off('it is turned off in the settings'), chosen: true };
    const found = await (checked ?? check());
    if (found.state !== 'ready') return off(found.state === 'unavailable' ? found.reason : 'it is not known yet');
    const refused = refusedWorkspace(workspace);
    if (refused) return off(refused);
    if (outside) return off('the call asks to run outside of it');
    return { state: 'on', network: networkOf(found) };
  };

  const openProxy = (): Promise<DomainProxy> => {
    if (!proxy) {
      const opening = import('./domain-proxy.ts').then(({ startDomainProxy }) =>
        startDomainProxy(() => deps.settings().domains, isLinux ? join(tempRoot(), 'proxy.sock') : undefined),
      );
      proxy = opening;
      // The next command tries again.
      opening.catch(() => {
        if (proxy === opening) proxy = undefined;
      });
    }
    return proxy;
  };

  const confine = async ({ sessionId, workspace, denied }: ConfineRequest): Promise<Result<Confined>> => {
    const state = await stateFor(workspace, false);
    if (state.state === 'off') return fail('unsupported', `The sandbox cannot be used: ${state.reason}.`);
    try {
      const temp = join(tempRoot(), sessionId);
      mkdirSync(temp, { recursive: true, mode: 0o700 });
      const { home, protectedFolders } = deps;
      const places = findPlaces(workspace, { home, protectedFolders, temp, folders: deps.settings().folders, denied });
      const via = state.network === 'domains' ? await openProxy() : undefined;
      // Made once, so that the command can be wrapped without waiting.
      const prefix = await line([commandMark], places, via);
      return ok({
        state,
        wrap: (command) => prefix.flatMap((word) => (word === commandMark ? command : [word])),
        env: (base) => ({
          ...Object.fromEntries(Object.entries(base).filter(([name]) => !doorNames.includes(name))),
          TMPDIR: isLinux ? '/tmp' : temp,
          ...(via ? proxyEnv(isLinux ? proxyPort : Number(via.address)) : {}),
        }),
        appeared: () => appeared(places),
      });
    } catch (error) {
      return fail('unsupported', `The sandbox cannot be used: ${(error as Error).message}`);
    }
  };

  return {
    check,
    stateFor,
    confine,
    async close() {
      await (await proxy)?.close();
      if (root) await rm(root, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

/** Stands for the command while the line around it is made; no word of that line can hold it. */
const commandMark = '\0command';

function proxyEnv(port: number): Record<string, string> {
  const url = `http://127.0.0.1:${port}`;
  const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'all_proxy'];
  return {
    ...Object.fromEntries(names.map((name) => [name, url])),
    NO_PROXY: 'localhost,127.0.0.1,::1',
    no_proxy: 'localhost,127.0.0.1,::1',
    // Node's own fetch asks for this to be said.
    NODE_USE_ENV_PROXY: '1',
  };
}
