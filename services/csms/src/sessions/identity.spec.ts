import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { evidenceOf, frameDigest, naturalKeyOf, sessionIdOf, type StartKey } from './identity.js';

const KEY: StartKey = {
  chargePointId: 'CP',
  connectorId: '1',
  idTag: 'Tag',
  startTimestamp: '2026-06-01T12:00:00.000Z',
  meterStart: '100',
};

describe('the natural key of a StartTransaction', () => {
  it('is the same for the same content, whatever the case of the tag', () => {
    expect(naturalKeyOf({ ...KEY, idTag: 'TAG' })).toBe(naturalKeyOf(KEY));
  });

  it.each(Object.keys(KEY) as (keyof StartKey)[])('changes with %s', (name) => {
    expect(naturalKeyOf({ ...KEY, [name]: 'other' })).not.toBe(naturalKeyOf(KEY));
  });

  it('cannot be moved from one part to the next', () => {
    expect(naturalKeyOf({ ...KEY, connectorId: '1"', idTag: 'x' })).not.toBe(
      naturalKeyOf({ ...KEY, connectorId: '1', idTag: '"x' }),
    );
  });
});

describe('the session id', () => {
  it('is a uuid of version 5 that never changes', () => {
    expect(sessionIdOf(KEY, 42)).toBe(sessionIdOf({ ...KEY }, 42));
    expect(sessionIdOf(KEY, 42)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('follows RFC 9562 over the fixed namespace', () => {
    const name = '["CP",42,"2026-06-01T12:00:00.000Z","100"]';
    const sha1 = createHash('sha1')
      .update(Buffer.from('5f0c9c1e6f0b4f4c9a3d2a7b8e41d6c3', 'hex'))
      .update(name)
      .digest('hex');
    const id = sessionIdOf(KEY, 42).replaceAll('-', '');
    expect(id.slice(0, 12) + id.slice(13, 16) + id.slice(17)).toBe(
      sha1.slice(0, 12) + sha1.slice(13, 16) + sha1.slice(17, 32),
    );
  });

  it.each(['chargePointId', 'startTimestamp', 'meterStart'] as const)('changes with %s', (name) => {
    expect(sessionIdOf({ ...KEY, [name]: 'x' }, 42)).not.toBe(sessionIdOf(KEY, 42));
  });
  it('changes with the transaction id', () => {
    expect(sessionIdOf(KEY, 43)).not.toBe(sessionIdOf(KEY, 42));
  });
});

describe('evidence', () => {
  it('is SHA-256 over the digests of the frames in order', () => {
    const [a, b] = [frameDigest('[2,"ä"]'), frameDigest('b')];
    expect(a).toEqual(createHash('sha256').update(Buffer.from('[2,"ä"]', 'utf8')).digest());
    expect(evidenceOf([a, b])).toBe(
      createHash('sha256')
        .update(Buffer.concat([a, b]))
        .digest('hex'),
    );
    expect(evidenceOf([b, a])).not.toBe(evidenceOf([a, b]));
  });
});
