import { readFile } from 'node:fs/promises';
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

/** Answers a request of a window with a file of the renderer; never rejects. */
export async function serveFile(root: string, request: { url: string; method: string }): Promise<Response> {
  const file = fileOfUrl(root, request.url);
  if (file === undefined || request.method !== 'GET') return new Response(null, { status: 404 });
  try {
    return new Response(await readFile(file), {
      headers: {
        'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': contentPolicy,
        'x-content-type-options': 'nosniff',
      },
    });
  } catch {
    return new Response(null, { status: 404 });
  }
}
