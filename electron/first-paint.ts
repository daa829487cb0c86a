import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WindowBounds } from './storage/layout.ts';

/** What the first window needs before the core is loaded. */
export interface FirstPaint {
  theme: 'system' | 'light' | 'dark';
  bounds: WindowBounds | undefined;
}

function readJson(file: string): Record<string, unknown> {
  try {
    // To read a pipe would hold the start up for ever.
    if (!statSync(file).isFile()) return {};
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function readBounds(value: unknown): FirstPaint['bounds'] {
  if (typeof value !== 'object' || value === null) return undefined;
  const { x, y, width, height, maximized } = value as Record<string, unknown>;
  const numbers = [x, y, width, height];
  if (!numbers.every((n) => typeof n === 'number' && Number.isInteger(n))) return undefined;
  return { x, y, width, height, maximized: maximized === true } as WindowBounds;
}

/**
 * A glance at the documents in the data folder, so that the window appears at once in its place and colour. Anything
 * missing or damaged counts as not set; the stores that own these documents report it later.
 */
export function readFirstPaint(userDataDir: string): FirstPaint {
  const { theme } = readJson(join(userDataDir, 'settings.json'));
  const { windows } = readJson(join(userDataDir, 'workbench.json'));
  const first: unknown = Array.isArray(windows) ? windows[0] : undefined;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    bounds: readBounds((first as { bounds?: unknown } | undefined)?.bounds),
  };
}
