import { describe, expect, it } from '@jest/globals';
import { conflict } from '../problem.js';
import { FakeSettlement } from '../testing/fake-settlement.js';
import { MemoryAuditLog, MemoryIdTags } from '../testing/fakes.js';
import { AccountService, newEvId } from './account.service.js';

const STAFF = { principal: { role: 'operator', organisation: 'STAR', name: 'staff' }, requestId: 'r' } as const;
const OPENING = { evId: 'EV-1', operatorId: 'STAR', idTags: [{ idTag: 'CARD' }], maxConcurrentSessions: 2 };

function parts() {
  const fakes = { settlement: new FakeSettlement(), tags: new MemoryIdTags(), audit: new MemoryAuditLog() };
  return { ...fakes, service: new AccountService(fakes.settlement, fakes.tags, fakes.audit) };
}

describe('AccountService', () => {
  it('opens on the ledger, then links the tags', async () => {
    const { service, settlement, tags, audit } = parts();
    const opened = await service.open(STAFF, OPENING);
    expect(opened).toMatchObject({
      evId: 'EV-1',
      operatorId: 'STAR',
      idTags: [{ idTag: 'CARD', maxConcurrentSessions: 2 }],
    });
    expect(settlement.calls).toMatchObject([{ operation: 'openAccount', input: { evId: 'EV-1', operatorId: 'STAR' } }]);
    expect([tags.tags.size, audit.entries.length]).toEqual([1, 1]);
  });

  it('issues a pseudonym when none is given: 128 random bits, nothing of a person', async () => {
    const { service } = parts();
    const { evId: _evId, ...anonymous } = OPENING;
    const first = await service.open(STAFF, { ...anonymous, idTags: [] });
    expect(first.evId).toMatch(/^EV-[0-9a-f]{32}$/);
    expect(newEvId()).not.toBe(newEvId());
  });

  it('links nothing when the ledger refuses', async () => {
    const { service, settlement, tags } = parts();
    settlement.answers.set('openAccount', conflict('LEDGER_BUSY', 'later'));
    await expect(service.open(STAFF, OPENING)).rejects.toMatchObject({ problem: { code: 'LEDGER_BUSY' } });
    expect(tags.tags.size).toBe(0);
  });

  it('completes an opening that died before its tags, for its own operator only', async () => {
    const { service, settlement, tags } = parts();
    settlement.answers.set('openAccount', conflict('ALREADY_EXISTS', 'there'));
    settlement.answers.set('getAccount', settlement.ownedBy(['STAR'], { evId: 'EV-1' }));
    const teld = { ...STAFF, principal: { ...STAFF.principal, organisation: 'TELD' } };
    await expect(service.open(teld, { ...OPENING, operatorId: 'TELD' })).rejects.toMatchObject({
      problem: { status: 409 },
    });
    expect(tags.tags.size).toBe(0);
    await expect(service.open(STAFF, OPENING)).rejects.toMatchObject({ problem: { code: 'ALREADY_EXISTS' } });
    expect(tags.tags.get('CARD')?.evId).toBe('EV-1');
  });

  it('refuses a foreign operator and a tag of another account', async () => {
    const { service, settlement } = parts();
    await expect(service.open(STAFF, { ...OPENING, operatorId: 'TELD' })).rejects.toMatchObject({
      problem: { status: 403 },
    });
    expect(settlement.calls).toHaveLength(0);
    await service.open(STAFF, OPENING);
    await expect(service.open(STAFF, { ...OPENING, evId: 'EV-2' })).rejects.toMatchObject({
      problem: { code: 'id_tag_taken' },
    });
    await expect(service.addTags(STAFF, 'EV-2', [{ idTag: 'CARD' }])).rejects.toMatchObject({
      problem: { code: 'id_tag_taken' },
    });
  });
});
