/** Device names, with or without an extension, in any folder; Windows takes superscript digits for digits here. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])(\.|$)/i;

/**
 * Why a path is not taken on Windows, where one file has many names: what no check would compare is refused rather than compared
 * wrongly. Short names such as `PROGRA~1` are not here: they are found to be what they stand for.
 */
export function refusedOnWindows(path: string): string | undefined {
  if (/^[\\/]{2}[?.][\\/]/.test(path)) return 'Device paths are not allowed.';
  const rest = path.replace(/^[a-z]:/i, '');
  if (/^[a-z]:(?![\\/])/i.test(path)) return 'A path that begins with a drive needs a slash behind it.';
  if (rest.includes(':')) return 'A colon is not allowed in a path: it names a stream behind the file.';
  for (const part of rest.split(/[\\/]/)) {
    if (part === '' || part === '.' || part === '..') continue;
    if (/[. ]$/.test(part)) return `\`${part}\` ends in a dot or a space, which Windows drops.`;
    if (devices.test(part)) return `\`${part}\` is the name of a device.`;
  }
  return undefined;
}

/** What Windows makes of a name that is too long for old programs; which one it stands for only the disk knows. */
export const isShortName = (part: string): boolean => /^[^.~]{1,6}~\d{1,4}(\.[^.]{0,3})?$/.test(part);
