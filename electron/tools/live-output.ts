import { count } from './truncate.ts';

/** A person reads no faster; the whole is in the result. */
const charsPerSlice = 32 * 1024;
const sliceMs = 50;

/** Decodes a stream of bytes for the eye and thins it out where it rushes, saying so. */
export function createLiveOutput(show: (text: string) => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  let sliceEnd = 0;
  let room = 0;
  let skipped = 0;
  return (bytes) => {
    const text = decoder.decode(bytes, { stream: true }).replaceAll('\0', '\uFFFD');
    const now = performance.now();
    if (now >= sliceEnd) {
      sliceEnd = now + sliceMs;
      room = charsPerSlice;
    }
    const shown = text.slice(0, room);
    room -= shown.length;
    if (shown) {
      show(skipped > 0 ? `\n[… ${count(skipped)} characters not shown live]\n${shown}` : shown);
      skipped = 0;
    }
    skipped += text.length - shown.length;
  };
}
