import type { Prng } from '../support/prng.js';
import { anyValue, fieldName, hostileNumber, hostileString, objectOf, type Json } from './hostile-values.js';

type Fields = { readonly [name: string]: Json };

/** A payload with one to three faults, somewhere in it. */
export function nearValid(payload: Fields, random: Prng): Json {
  let spoilt: Json = payload;
  for (let faults = random.between(1, 3); faults > 0; faults--) spoilt = spoil(spoilt, random);
  return spoilt;
}

/** One fault at one place: a field of this value, or deeper. */
function spoil(value: Json, random: Prng): Json {
  if (Array.isArray(value)) return spoilArray(value, random);
  if (typeof value === 'object' && value !== null) return spoilObject(value as Fields, random);
  return otherThan(value, random);
}

function spoilArray(items: readonly Json[], random: Prng): Json {
  const at = random.between(0, Math.max(0, items.length - 1));
  const item = items[at];
  if (item === undefined || random.next() < 0.2) return random.next() < 0.5 ? [...items, anyValue(random)] : [];
  if (random.next() < 0.1) return item;
  return items.map((other, index) => (index === at ? spoil(other, random) : other));
}

function spoilObject(fields: Fields, random: Prng): Json {
  const entries = Object.entries(fields);
  const at = random.between(0, Math.max(0, entries.length - 1));
  const [name, value] = entries[at] ?? [fieldName(random), null];
  const others = entries.filter((_, index) => index !== at);
  switch (random.between(0, 6)) {
    case 0:
      return objectOf(others);
    case 1:
      return objectOf([...entries, [fieldName(random), anyValue(random)]]);
    case 2:
      return objectOf([...others, [fieldName(random), value]]);
    case 3:
      return objectOf([...others, [name.toUpperCase(), value]]);
    default:
      return objectOf([...others, [name, spoil(value, random)]]);
  }
}

function otherThan(value: Json, random: Prng): Json {
  switch (random.between(0, 5)) {
    case 0:
      return hostileString(random);
    case 1:
      return hostileNumber(random);
    case 2:
      return typeof value === 'number' ? String(value) : Number(value);
    case 3:
      return [value];
    case 4:
      return { [fieldName(random)]: value };
    default:
      return anyValue(random);
  }
}
