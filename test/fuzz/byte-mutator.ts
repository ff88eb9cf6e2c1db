import type { Prng } from '../support/prng.js';

/** Bytes that mean something to JSON, to UTF-8 or to a terminal. */
const TELLING_BYTES: readonly [number, ...number[]] = [
  0x00, 0x07, 0x0a, 0x1b, 0x22, 0x2c, 0x2d, 0x2e, 0x30, 0x39, 0x3a, 0x5b, 0x5c, 0x5d, 0x65, 0x7b, 0x7d, 0x7f, 0x80,
  0xc0, 0xe2, 0xed, 0xf4, 0xff,
];
const REPEATS_MAX = 64;

type Mutation = (bytes: Buffer, random: Prng) => Buffer;

const flip: Mutation = (bytes, random) => {
  const at = place(bytes, random);
  const flipped = Buffer.from(bytes);
  flipped[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
  return flipped;
};
const replace: Mutation = (bytes, random) => {
  const replaced = Buffer.from(bytes);
  replaced[place(bytes, random)] = random.pick(TELLING_BYTES);
  return replaced;
};
const insert: Mutation = (bytes, random) => {
  const at = place(bytes, random);
  return Buffer.concat([bytes.subarray(0, at), Buffer.of(random.pick(TELLING_BYTES)), bytes.subarray(at)]);
};
const cut: Mutation = (bytes, random) => {
  const [from, to] = range(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
};
const truncate: Mutation = (bytes, random) => bytes.subarray(0, place(bytes, random));
const splice: Mutation = (bytes, random) => {
  const [from, to] = range(bytes, random);
  const at = place(bytes, random);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, to), bytes.subarray(at)]);
};
const repeat: Mutation = (bytes, random) => {
  const [from, to] = range(bytes, random);
  const piece = bytes.subarray(from, Math.min(to, from + 16));
  const times = Array.from({ length: random.between(1, REPEATS_MAX) }, () => piece);
  return Buffer.concat([bytes.subarray(0, from), ...times, bytes.subarray(from)]);
};
const MUTATIONS: readonly [Mutation, ...Mutation[]] = [flip, replace, insert, cut, truncate, splice, repeat];

/** The bytes with one to four seeded changes; they need be neither JSON nor UTF-8 any more. */
export function mutateBytes(bytes: Buffer, random: Prng): Buffer {
  let mutated = bytes;
  for (let changes = random.between(1, 4); changes > 0; changes--) mutated = random.pick(MUTATIONS)(mutated, random);
  return mutated;
}

function place(bytes: Buffer, random: Prng): number {
  return random.between(0, Math.max(0, bytes.length - 1));
}

function range(bytes: Buffer, random: Prng): readonly [number, number] {
  const from = place(bytes, random);
  return [from, random.between(from, bytes.length)];
}
