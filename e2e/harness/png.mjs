// Smaller pictures: rewrites a PNG screenshot without its alpha channel, with the best filter for each row and the
// strongest deflate. Knows only what screenshots are (8 bits, RGB or RGBA, not interlaced); anything else stays as it is.

import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The same picture in fewer bytes, or the given bytes where that does not help. */
export function shrink(png) {
  const picture = read(png);
  if (!picture) return png;
  const { width, height, rows } = picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const data = deflateSync(filtered(rows), { level: 9, memLevel: 9 });
  const small = Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
  return small.length < png.length ? small : png;
}

/** Rows of RGB bytes, or null for a kind of PNG that is not a screenshot's. */
export function read(png) {
  const parts = [];
  let header = null;
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const kind = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (kind === 'IHDR') header = body;
    if (kind === 'IDAT') parts.push(body);
    at += 12 + length;
  }
  const [depth, colour, , , interlaced] = header.subarray(8);
  if (depth !== 8 || (colour !== 2 && colour !== 6) || interlaced !== 0) return null;
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const size = colour === 6 ? 4 : 3;
  const raw = inflateSync(Buffer.concat(parts));
  const rows = [];
  let above = Buffer.alloc(width * size);
  for (let y = 0; y < height; y += 1) {
    const begin = y * (width * size + 1);
    const row = Buffer.from(raw.subarray(begin + 1, begin + 1 + width * size));
    const predict = PREDICTORS[raw[begin]];
    for (let x = 0; x < row.length; x += 1) {
      const left = x >= size ? row[x - size] : 0;
      const corner = x >= size ? above[x - size] : 0;
      row[x] = (row[x] + predict(left, above[x], corner)) & 0xff;
    }
    rows.push(size === 3 ? row : withoutAlpha(row, width));
    above = row;
  }
  return { width, height, rows };
}

function withoutAlpha(row, width) {
  const plain = Buffer.alloc(width * 3);
  for (let x = 0; x < width; x += 1) row.copy(plain, x * 3, x * 4, x * 4 + 3);
  return plain;
}

const PREDICTORS = [
  () => 0,
  (left) => left,
  (left, up) => up,
  (left, up) => (left + up) >> 1,
  (left, up, corner) => {
    const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
    if (toLeft <= toUp && toLeft <= toCorner) return left;
    return toUp <= toCorner ? up : corner;
  },
];

/** Each row under the predictor that leaves the smallest differences. */
function filtered(rows) {
  let above = Buffer.alloc(rows[0]?.length ?? 0);
  const lines = rows.map((row) => {
    let best = null;
    let least = Infinity;
    for (const [kind, predict] of PREDICTORS.entries()) {
      const line = Buffer.alloc(row.length + 1);
      line[0] = kind;
      let sum = 0;
      for (let x = 0; x < row.length; x += 1) {
        const left = x >= 3 ? row[x - 3] : 0;
        const corner = x >= 3 ? above[x - 3] : 0;
        const value = (row[x] - predict(left, above[x], corner)) & 0xff;
        line[x + 1] = value;
        sum += value < 128 ? value : 256 - value;
      }
      if (sum < least) [best, least] = [line, sum];
    }
    above = row;
    return best;
  });
  return Buffer.concat(lines);
}

function chunk(kind, body) {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), body]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(body.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

// Node has a crc32 of its own from version 20.15 on; Debian 12 has 18.
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
