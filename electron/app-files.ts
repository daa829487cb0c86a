import { extname, join, sep } from 'node:path';

/** The only origin our windows show. */
export const appScheme = 'app';
export const appHost = 'workbench';
export const appUrl = `${appScheme}://${appHost}/index.html`;

/** True for addresses of our own renderer files. */
export const isAppUrl = (url: string): boolean => url.startsWith(`${appScheme}://${appHost}/`);

/**
 * Nothing comes from elsewhere, nothing is evaluated, and no style is written into the page: our views place their parts by style
 * properties, which this allows.
 */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** The file below `root` that an address names, or undefined when it names none that may be served. */
export function fileOfUrl(root: string, url: string): string | undefined {
  let path: string;
  try {
    const parsed = new URL(url);
    if (parsed.protocol !== `${appScheme}:` || parsed.host !== appHost) return undefined;
    path = decodeURIComponent(parsed.pathname);
  } catch {
    return undefined;
  }
  if (path.includes('\0') || path.includes('\\')) return undefined;
  const file = join(root, path);
  return file.startsWith(root + sep) && contentTypes[extname(file)] !== undefined ? file : undefined;
}

/** Chromium's number for a file that is not there. */
const notFound = -6;

/** What answers a request of a window: a file of the renderer with its headers, or the error that there is none. */
export type FileAnswer = { path: string; headers: Record<string, string> } | { error: number };

/** Finds the answer by the address alone; the file is then read by Chromium itself, beside main's own work. */
export function answerWithFile(root: string, request: { url: string; method: string }): FileAnswer {
  const path = fileOfUrl(root, request.url);
  if (path === undefined || request.method !== 'GET') return { error: notFound };
  return {
    path,
    headers: {
      'content-type': contentTypes[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': contentPolicy,
      'x-content-type-options': 'nosniff',
    },
  };
}
