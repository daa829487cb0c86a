// Turns the raw screen of a virtual display into a picture.
import { crc32, deflateSync } from 'node:zlib';

/** Words of the xwd head that matter here, by their place. */
const WORD = { headSize: 0, width: 4, height: 5, byteOrder: 7, bitsPerPixel: 11, bytesPerLine: 12, colours: 19 };
const COLOUR_BYTES = 12;

/** node:zlib has crc32 from Node 20.15 and 22.2 on. */
function chunk(type, body) {
  const data = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const out = Buffer.alloc(data.length + 8);
  out.writeUInt32BE(body.length, 0);
  data.copy(out, 4);
  out.writeUInt32BE(crc32(data), data.length + 4);
  return out;
}

/** Rows of a PNG: a filter byte (0), then red, green and blue of each pixel. */
function rows(xwd, { width, height, start, stride, littleEndian }) {
  const out = Buffer.alloc(height * (1 + width * 3));
  const [r, g, b] = littleEndian ? [2, 1, 0] : [1, 2, 3];
  let at = 0;
  for (let y = 0; y < height; y++) {
    at++;
    let pixel = start + y * stride;
    for (let x = 0; x < width; x++, pixel += 4) {
      out[at++] = xwd[pixel + r];
      out[at++] = xwd[pixel + g];
      out[at++] = xwd[pixel + b];
    }
  }
  return out;
}

/** Converts an xwd dump with 32 bits a pixel, as Xvfb keeps it, to PNG. Throws on any other. */
export function xwdToPng(xwd) {
  const word = (place) => xwd.readUInt32BE(place * 4);
  if (word(WORD.bitsPerPixel) !== 32) throw new Error('only screens with 32 bits a pixel can be shown');
  const width = word(WORD.width);
  const height = word(WORD.height);
  const start = word(WORD.headSize) + word(WORD.colours) * COLOUR_BYTES;
  const stride = word(WORD.bytesPerLine);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk(
      'IDAT',
      deflateSync(rows(xwd, { width, height, start, stride, littleEndian: word(WORD.byteOrder) === 0 }), { level: 3 }),
    ),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
