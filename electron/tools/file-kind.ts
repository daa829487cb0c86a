/** What the first bytes of a file say it is; never its name. */
export type FileKind = { kind: 'text' } | { kind: 'image'; mediaType: string } | { kind: 'binary'; name: string };

/** As many bytes as the answer may depend on. */
export const sampleBytes = 8192;

const images: [signature: string, mediaType: string][] = [
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
];

const binaries: [signature: string, name: string][] = [
  ['%PDF-', 'a PDF document'],
  ['\x7fELF', 'a program or library'],
  ['PK\x03\x04', 'a zip archive or an office document'],
  ['\x1f\x8b', 'gzip data'],
  ['\xfd7zXZ', 'xz data'],
  ['\x28\xb5\x2f\xfd', 'zstd data'],
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['\0asm', 'a WebAssembly module'],
  ['\xff\xfe', 'UTF-16 text; convert it with iconv first'],
  ['\xfe\xff', 'UTF-16 text; convert it with iconv first'],
];

export function fileKind(sample: Uint8Array): FileKind {
  const start = Buffer.from(sample).toString('latin1');
  const image = images.find(([signature]) => start.startsWith(signature));
  if (image) return { kind: 'image', mediaType: image[1] };
  if (start.startsWith('RIFF') && start.startsWith('WEBP', 8)) return { kind: 'image', mediaType: 'image/webp' };
  const binary = binaries.find(([signature]) => start.startsWith(signature));
  if (binary) return { kind: 'binary', name: binary[1] };
  return start.includes('\0') ? { kind: 'binary', name: 'binary data' } : { kind: 'text' };
}
