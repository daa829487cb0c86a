const schemes = new Set(['http:', 'https:', 'mailto:']);

/** The address of a link that may be opened, normalised so that look-alike hosts show their real form; otherwise `undefined`. */
export function safeLink(href: string | undefined): string | undefined {
  if (href === undefined) return undefined;
  try {
    const url = new URL(href);
    return schemes.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
