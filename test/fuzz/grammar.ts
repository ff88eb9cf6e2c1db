import { isUtf8 } from 'node:buffer';
import type { Prng } from '../support/prng.js';
import { mutateBytes } from './byte-mutator.js';
import {
  anyValue,
  fieldName,
  hostileNumber,
  hostileString,
  hostileToken,
  objectOf,
  type Json,
} from './hostile-values.js';
import { nearValid } from './near-valid.js';
import { drawAction, validPayload, type Speaker } from './payloads.js';

/** Actions that no pile may call, and names that are none. */
const OTHER_ACTIONS: readonly [string, ...string[]] = [
  'Reset',
  'RemoteStartTransaction',
  'SignCertificate',
  'startTransaction',
  'StopTransaction ',
  'Nonsense',
  'constructor',
  '__proto__',
  'toString',
  '',
  'A'.repeat(65),
];
const ID_LENGTHS: readonly [number, ...number[]] = [0, 36, 37, 64, 5_000];
const NESTING_DEPTHS: readonly [number, ...number[]] = [8, 31, 33, 200, 20_000];
/** A frame this long comes once in so many: a run of a million stays within the disk. */
const HUGE_ONE_IN = 3_000;
const HUGE_LENGTHS: readonly [number, ...number[]] = [200_000, 262_144, 1_048_576];
/** Bytes that are no UTF-8 cost the connection; most mutants keep theirs, or the run would only reconnect. */
const KEEP_INVALID_UTF8 = 0.1;

/** Seeded frames of OCPP-J, right and wrong. What the server owes for each is decided elsewhere, from its text alone. */
export class Grammar {
  private readonly ids: string[] = [];
  private nextId = 0;

  constructor(
    private readonly random: Prng,
    private readonly speaker: Speaker,
  ) {}

  next(): Buffer {
    const { random } = this;
    const share = random.next();
    if (share < 1 / HUGE_ONE_IN) return this.huge();
    if (share < 0.2) return Buffer.from(this.valid());
    if (share < 0.6) return Buffer.from(this.wrongPayload());
    if (share < 0.7) return Buffer.from(this.call(anyValue(random)));
    if (share < 0.82) return this.mutant();
    if (share < 0.9) return Buffer.from(this.oddEnvelope());
    return Buffer.from(this.rawText());
  }

  private valid(): string {
    const action = drawAction(this.random);
    return encode([2, this.id(), action, validPayload(action, this.random, this.speaker)]);
  }

  private wrongPayload(): string {
    const action = drawAction(this.random);
    return encode([2, this.id(), action, nearValid(validPayload(action, this.random, this.speaker), this.random)]);
  }

  private call(payload: Json): string {
    const { random } = this;
    const action = random.next() < 0.8 ? drawAction(random) : random.pick(OTHER_ACTIONS);
    return encode([2, this.id(), action, payload]);
  }

  private mutant(): Buffer {
    const mutated = mutateBytes(Buffer.from(this.valid()), this.random);
    if (isUtf8(mutated) || this.random.next() < KEEP_INVALID_UTF8) return mutated;
    return Buffer.from(mutated.toString('utf8'));
  }

  /** Wrong as a message, whatever its payload: types, ids, lengths, answers that nobody asked for. */
  private oddEnvelope(): string {
    const { random } = this;
    const action = drawAction(random);
    const payload = validPayload(action, random, this.speaker);
    const id = this.id();
    switch (random.between(0, 9)) {
      case 0:
        return encode([3, id, anyValue(random)]);
      case 1:
        return encode([4, id, hostileString(random), hostileString(random), anyValue(random)]);
      case 2:
        return encode([anyValue(random), id, action, payload]);
      case 3:
        return encode([2, anyValue(random), action, payload]);
      case 4:
        return encode([2, 'x'.repeat(random.pick(ID_LENGTHS)), action, payload]);
      case 5:
        return encode([2, hostileString(random), action, payload]);
      case 6:
        return encode([2, id, action, payload, anyValue(random), 1].slice(0, random.between(0, 6)));
      case 7:
        return encode([2, id, anyValue(random), payload]);
      case 8:
        return encode(anyValue(random));
      default:
        return encode([2, random.between(-5, 1_000_000), action, payload]);
    }
  }

  /** What JSON.stringify cannot write: duplicate keys, tokens that are no number, nesting without end. */
  private rawText(): string {
    const { random } = this;
    const action = drawAction(random);
    const payload = validPayload(action, random, this.speaker);
    const head = `[2,${encode(this.id())},${encode(action)},`;
    switch (random.between(0, 4)) {
      case 0: {
        const [name, value] = random.pick([...Object.entries(payload), ['vendorId', 'x']] as [[string, Json]]);
        return `${head}{${encode(name)}:${encode(anyValue(random))},${encode(payload).slice(1, -1)}${Object.keys(payload).length === 0 ? '' : ','}${encode(name)}:${encode(value)}}]`;
      }
      case 1: {
        const text = encode(payload);
        const numbers = [...text.matchAll(/-?\d+(?=[,}\]])/g)];
        const found = numbers[random.between(0, Math.max(0, numbers.length - 1))];
        if (found === undefined) return `${head}${hostileToken(random)}]`;
        return `${head}${text.slice(0, found.index)}${hostileToken(random)}${text.slice(found.index + found[0].length)}]`;
      }
      case 2:
        return `${head}${this.nested()}]`;
      case 3: {
        const polluted = objectOf([...Object.entries(payload), ['__proto__', { [fieldName(random)]: true }]]);
        return `${head}${encode(polluted)}]`;
      }
      default:
        return ` \n\t${head}${encode(objectOf([[fieldName(random), hostileNumber(random)]]))}]\r\n`;
    }
  }

  private nested(): string {
    const depth = this.random.pick(NESTING_DEPTHS);
    if (this.random.next() < 0.5) return `{"meterValue":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const names = ['a', '__proto__', 'constructor', 'sampledValue'] as const;
    const open = `{"${this.random.pick(names)}":`;
    return `${open.repeat(depth)}1${'}'.repeat(depth)}`;
  }

  private huge(): Buffer {
    const text = this.random.pick(['A', '\u202e', '\\u0000']).repeat(this.random.pick(HUGE_LENGTHS));
    const action = this.random.pick(['DataTransfer', 'StartTransaction', 'MeterValues', 'StatusNotification'] as const);
    const field = {
      DataTransfer: 'data',
      StartTransaction: 'idTag',
      MeterValues: 'connectorId',
      StatusNotification: 'info',
    };
    return Buffer.from(`[2,${encode(this.id())},"${action}",{"${field[action]}":"${text}","vendorId":"v"}]`);
  }

  /** Mostly fresh; sometimes one that was used a moment ago. */
  private id(): string {
    const old = this.ids[this.random.between(0, 7)];
    if (old !== undefined && this.random.next() < 0.05) return old;
    const id = `f${this.nextId}`;
    this.ids[this.nextId % 8] = id;
    this.nextId += 1;
    return id;
  }
}

function encode(value: Json | readonly Json[]): string {
  return JSON.stringify(value) ?? 'null';
}
