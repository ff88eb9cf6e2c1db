import { describe, expect, it } from '@jest/globals';
import { MemoryApiUserStore } from '../testing/fakes.js';
import { issueTokens, tokenRequest } from './token-issuer.js';
import { tokenDigest } from './token.js';

const FINANCE = { role: 'finance', organisation: 'STAR', name: 'till' } as const;
const DRIVER = { role: 'driver', organisation: 'STAR', name: 'car', evId: 'EV-1' } as const;
let number = 0;
const newUserId = (): string => `id-${(number += 1)}`;

describe('issueTokens', () => {
  it('creates those that are missing, and shows a token once', async () => {
    const store = new MemoryApiUserStore();
    const [first] = await issueTokens(store, [FINANCE], { rotate: false, newUserId });
    expect(first?.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const again = await issueTokens(store, [FINANCE, DRIVER], { rotate: false, newUserId });
    expect(again[0]).toEqual(FINANCE);
    expect(again[1]?.token).toBeDefined();
    const found = await store.findByTokenDigest(tokenDigest(again[1]?.token ?? ''));
    expect(found?.principal).toEqual(DRIVER);
  });

  it('rotates on demand: the old token is void, the user the same', async () => {
    const store = new MemoryApiUserStore();
    const [first] = await issueTokens(store, [FINANCE], { rotate: false, newUserId });
    const before = await store.findByTokenDigest(tokenDigest(first?.token ?? ''));
    const [second] = await issueTokens(store, [FINANCE], { rotate: true, newUserId });
    expect(second?.token).not.toBe(first?.token);
    expect(await store.findByTokenDigest(tokenDigest(first?.token ?? ''))).toBeUndefined();
    expect((await store.findByTokenDigest(tokenDigest(second?.token ?? '')))?.userId).toBe(before?.userId);
  });
});

describe('tokenRequest', () => {
  it.each([
    { ...DRIVER, evId: undefined },
    { ...FINANCE, evId: 'EV-1' },
    { ...FINANCE, role: 'root' },
    { ...FINANCE, extra: 1 },
  ])('refuses %j', (wish) => expect(tokenRequest.safeParse(wish).success).toBe(false));
});
