import { describe, expect, it } from '@jest/globals';
import { registerChargePointBody } from '@tallywatt/contracts';
import { notFound } from '../api/problem.js';
import { FakeSettlement } from '../api/testing/fake-settlement.js';
import { FakePileCaller, MemoryAuditLog, MemoryPileRegistry } from '../api/testing/fakes.js';
import { MemoryPendingPiles } from '../connection/pending-piles.js';
import { OcppAddress } from './ocpp-address.js';
import { PilePasswordIssuer } from './pile-password.js';
import { RegistrationService } from './registration.service.js';

const STAFF = { principal: { role: 'operator', organisation: 'STAR', name: 'staff' }, requestId: 'r' } as const;

function body(more: object = {}) {
  const connectors = [{ connectorId: 1, ratedPowerW: 7_000 }];
  return registerChargePointBody.parse({ id: 'CP-1', operatorId: 'STAR', stationId: 'S-1', connectors, ...more });
}

function parts() {
  const fakes = {
    registry: new MemoryPileRegistry(),
    pending: new MemoryPendingPiles(),
    audit: new MemoryAuditLog(),
    settlement: new FakeSettlement(),
  };
  const issuer = new PilePasswordIssuer(Buffer.alloc(32, 1));
  const service = new RegistrationService(
    fakes.registry,
    fakes.pending,
    issuer,
    new OcppAddress('wss://host'),
    fakes.audit,
    fakes.settlement,
  );
  return { ...fakes, service, caller: new FakePileCaller() };
}

describe('RegistrationService', () => {
  it('shows 160 random bits once, and keeps them out of the audit', async () => {
    const { service, audit } = parts();
    const first = await service.register(STAFF, body());
    const second = await service.register(STAFF, body({ id: 'CP-2' }));
    expect(first).toMatchObject({
      id: 'CP-1',
      url: 'wss://host/ocpp/CP-1',
      password: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(second.password).not.toBe(first.password);
    expect(JSON.stringify(audit.entries)).not.toContain(first.password);
  });

  it.each([
    ['that does not exist', notFound()],
    ['of another operator', { operatorId: 'TELD' }],
    ['that settlement describes otherwise than agreed', {}],
  ])('refuses a station %s', async (_, answer) => {
    const { service, settlement } = parts();
    settlement.answers.set('getStation', answer);
    await expect(service.register(STAFF, body())).rejects.toMatchObject({
      problem: { status: 422, code: 'unknown_station' },
    });
    settlement.answers.delete('getStation');
    expect((await service.register(STAFF, body())).id).toBe('CP-1');
  });

  it('lets only simulated piles bring their own times', async () => {
    const { service } = parts();
    await expect(service.register(STAFF, body({ clock: 'recorded' }))).rejects.toMatchObject({
      problem: { code: 'recorded_clock' },
    });
    expect((await service.register(STAFF, body({ clock: 'recorded', simulated: true }))).id).toBe('CP-1');
  });

  it('refuses another operator, a taken id and a connector named twice', async () => {
    const { service, registry } = parts();
    await expect(service.register(STAFF, body({ operatorId: 'TELD' }))).rejects.toMatchObject({
      problem: { status: 403 },
    });
    const twice = [
      { connectorId: 1, ratedPowerW: 1 },
      { connectorId: 1, ratedPowerW: 2 },
    ];
    await expect(service.register(STAFF, body({ connectors: twice }))).rejects.toMatchObject({
      problem: { code: 'connector_twice' },
    });
    expect(registry.piles.size).toBe(0);
    await service.register(STAFF, body());
    await expect(service.register(STAFF, body())).rejects.toMatchObject({ problem: { code: 'charge_point_exists' } });
  });

  it('accepts what knocked, once, and nothing else', async () => {
    const { service, pending } = parts();
    await expect(service.accept(STAFF, body())).rejects.toMatchObject({ problem: { status: 404 } });
    pending.note('CP-1', '10.0.0.1', 0);
    expect((await service.accept(STAFF, body())).id).toBe('CP-1');
    expect(await pending.list()).toEqual([]);
    await expect(service.accept(STAFF, body())).rejects.toMatchObject({ problem: { status: 404 } });
  });

  it('rotates and switches own piles only, and writes both down', async () => {
    const { service, audit } = parts();
    await service.register(STAFF, body());
    const teld = { ...STAFF, principal: { ...STAFF.principal, organisation: 'TELD' } };
    await expect(service.rotatePassword(teld, 'CP-1')).rejects.toMatchObject({ problem: { status: 404 } });
    await expect(service.change(teld, 'CP-1', { strict: true })).rejects.toMatchObject({ problem: { status: 404 } });
    await service.rotatePassword(STAFF, 'CP-1');
    await service.change(STAFF, 'CP-1', { strict: true });
    expect(audit.entries.map(({ action }) => action)).toEqual([
      'charge-point.register',
      'charge-point.password',
      'charge-point.change',
    ]);
  });
});
