export const ROOT: string;
export const DIST: string;
export function cacheFolder(env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string;
