// Reads affect messages as a browser game would, and prints what it found as JSON.
// node read_frames.mjs NAMES FILE...; NAMES are the entries of the vector, separated by commas.
// Integers of 64 bits become numbers, as in the usual msgpack decoders: above 2^53 they are rounded.
import { readFileSync } from "node:fs";

function reader(bytes, exact) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const step = (count) => (at += count) - count;
  const whole = (big) => (exact ? big : Number(big));
  const items = (count, read) => Array.from({ length: count }, read);
  const text = (count) => new TextDecoder().decode(bytes.subarray(step(count), at));
  const map = (count) => Object.fromEntries(items(count, () => [value(), value()]));
  function value() {
    const tag = view.getUint8(step(1));
    if (tag < 0x80) return tag;
    if (tag < 0x90) return map(tag & 15);
    if (tag < 0xa0) return items(tag & 15, value);
    if (tag < 0xc0) return text(tag & 31);
    if (tag >= 0xe0) return tag - 256;
    switch (tag) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: { const count = view.getUint8(step(1)); return bytes.slice(step(count), at); }
      case 0xc5: { const count = view.getUint16(step(2)); return bytes.slice(step(count), at); }
      case 0xca: return view.getFloat32(step(4));
      case 0xcb: return view.getFloat64(step(8));
      case 0xcc: return view.getUint8(step(1));
      case 0xcd: return view.getUint16(step(2));
      case 0xce: return view.getUint32(step(4));
      case 0xcf: return whole(view.getBigUint64(step(8)));
      case 0xd0: return view.getInt8(step(1));
      case 0xd1: return view.getInt16(step(2));
      case 0xd2: return view.getInt32(step(4));
      case 0xd3: return whole(view.getBigInt64(step(8)));
      case 0xd9: return text(view.getUint8(step(1)));
      case 0xdc: return items(view.getUint16(step(2)), value);
    }
    throw new Error(`tag ${tag} at ${at}`);
  }
  return value;
}

function read(message, names) {
  const body = message.subarray(message.indexOf(0) + 1);
  const frame = reader(body, false)();
  const mask = BigInt(reader(body, true)().m);
  const vector = new DataView(frame.x.buffer, frame.x.byteOffset, frame.x.byteLength);
  const isKnown = frame.w
    ? (i) => (frame.w[Math.floor(i / 31)] >> (i % 31)) & 1
    : (i) => i < 60 && (mask >> BigInt(i)) & 1n;
  const known = {};
  names.forEach((name, i) => {
    if (4 * i < frame.x.length && isKnown(i)) known[name] = vector.getFloat32(4 * i, true);
  });
  return { epoch: frame.e, seq: frame.n, known, rounded: BigInt(frame.m) !== mask, words: !!frame.w };
}

const [names, ...files] = process.argv.slice(2);
console.log(JSON.stringify(files.map((file) => read(readFileSync(file), names.split(",")))));
