import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { xwdToPng } from '../../scripts/xwd-to-png.mjs';

/** A screen of two by one pixels as Xvfb keeps it: head, one colour entry, then blue, green, red, unused. */
function screen(bitsPerPixel = 32) {
  const head = Buffer.alloc(100);
  const set = (word, value) => head.writeUInt32BE(value, word * 4);
  set(0, 100);
  set(4, 2);
  set(5, 1);
  set(11, bitsPerPixel);
  set(12, 8);
  set(19, 1);
  return Buffer.concat([head, Buffer.alloc(12), Buffer.from([3, 2, 1, 0, 30, 20, 10, 0])]);
}

test('pixels become red, green, blue', () => {
  const png = xwdToPng(screen());
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2, 1]);
  const data = png.indexOf('IDAT');
  const body = png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4));
  expect([...inflateSync(body)]).toEqual([0, 1, 2, 3, 10, 20, 30]);
});

test('another depth is refused', () => {
  expect(() => xwdToPng(screen(16))).toThrow('32 bits');
});
