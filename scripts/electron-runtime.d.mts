export type Runtime = { kind: 'override' | 'official' | 'fallback'; dist: string; executable: string };
export function officialVersion(): string;
export function executableName(platform?: NodeJS.Platform): string;
export function fallbackFolder(): string;
export function findRuntime(env?: NodeJS.ProcessEnv): Runtime | undefined;
