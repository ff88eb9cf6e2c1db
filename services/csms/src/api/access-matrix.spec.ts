import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES, SUPERVISION, type Role, type SessionView } from '@tallywatt/contracts';
import { ACCESS_TABLE } from './auth/access-table.js';
import { routeKeys } from './auth/route-table.js';
import { startTestApi, type TestApi } from './testing/test-api.js';

/** The caller is of STAR; STAR owns the first id of each kind, TELD the second; the third is nobody's. */
const IDS = {
  own: {
    pile: 'CP-STAR',
    session: '00000000-0000-4000-8000-000000000001',
    evId: 'EV-STAR',
    other: 'X-STAR',
    tag: 'TAG-STAR',
    command: '00000000-0000-4000-9000-000000000000',
  },
  foreign: {
    pile: 'CP-TELD',
    session: '00000000-0000-4000-8000-000000000002',
    evId: 'EV-TELD',
    other: 'X-TELD',
    tag: 'TAG-TELD',
    command: '00000000-0000-4000-9000-000000000001',
  },
  nonexistent: {
    pile: 'CP-NONE',
    session: '00000000-0000-4000-8000-000000000003',
    evId: 'EV-NONE',
    other: 'X-NONE',
    tag: 'TAG-NONE',
    command: '00000000-0000-4000-9000-999999999999',
  },
};
type Ownership = keyof typeof IDS;

/** Routes whose object csms itself scopes; settlement scopes its own by the principal that travels with the operation. */
const OWN_OBJECT_ROUTES: Readonly<
  Record<string, { path: (ids: (typeof IDS)['own']) => string; body?: unknown; ok: number }>
> = {
  'GET /v1/charge-points/:id': { path: ({ pile }) => `/v1/charge-points/${pile}`, ok: 200 },
  'PATCH /v1/charge-points/:id': { path: ({ pile }) => `/v1/charge-points/${pile}`, body: { strict: true }, ok: 200 },
  'POST /v1/charge-points/:id/password': { path: ({ pile }) => `/v1/charge-points/${pile}/password`, ok: 201 },
  'POST /v1/charge-points/:id/commands': {
    path: ({ pile }) => `/v1/charge-points/${pile}/commands`,
    body: { action: 'Reset', payload: { type: 'Soft' } },
    ok: 201,
  },
  'GET /v1/commands/:id': { path: ({ command }) => `/v1/commands/${command}`, ok: 200 },
  'GET /v1/sessions/:id': { path: ({ session }) => `/v1/sessions/${session}`, ok: 200 },
  'GET /v1/sessions/:id/meter-values': { path: ({ session }) => `/v1/sessions/${session}/meter-values`, ok: 200 },
  'GET /v1/sessions/:id/frames': { path: ({ session }) => `/v1/sessions/${session}/frames`, ok: 200 },
  'GET /v1/sessions/:id/trail': { path: ({ session }) => `/v1/sessions/${session}/trail`, ok: 200 },
  'GET /v1/id-tags/:idTag': { path: ({ tag }) => `/v1/id-tags/${tag}`, ok: 200 },
};

let api: TestApi;
const tokens = new Map<Role, string>();

beforeAll(async () => {
  api = await startTestApi();
  for (const role of ROLES) {
    const organisation = role === 'supervisor' ? SUPERVISION : 'STAR';
    tokens.set(role, await api.tokenFor({ role, organisation, ...(role === 'driver' ? { evId: 'EV-STAR' } : {}) }));
  }
  for (const [operatorId, ids] of [
    ['STAR', IDS.own],
    ['TELD', IDS.foreign],
  ] as const)
    await give(operatorId, ids);
});
afterAll(() => api.app.close());

async function give(operatorId: string, ids: (typeof IDS)['own']): Promise<void> {
  const token = await api.tokenFor({ role: 'operator', organisation: operatorId });
  const connectors = [{ connectorId: 1, ratedPowerW: 7000 }];
  const pile = await api.request(token, 'POST', '/v1/charge-points', {
    id: ids.pile,
    operatorId,
    stationId: 'S',
    connectors,
  });
  expect(pile.status).toBe(201);
  const command = await api.request(token, 'POST', `/v1/charge-points/${ids.pile}/commands`, { action: 'ClearCache' });
  expect(command.json()).toMatchObject({ id: ids.command, requestedBy: expect.stringContaining(operatorId) });
  api.fakes.sessions.sessions.push(sessionOf(operatorId, ids));
  await api.fakes.tags.link({ evId: ids.evId, operatorId, maxConcurrentSessions: 1 }, [
    { idTag: ids.tag, evId: ids.evId, operatorId, expiresAt: null },
  ]);
}

function sessionOf(operatorId: string, ids: (typeof IDS)['own']): SessionView {
  const nothing = {
    endedAt: null,
    meterStopWh: null,
    energyWh: null,
    stopReason: null,
    closeKind: null,
    holdReason: null,
  };
  const parties = { operatorId, stationId: 'S', evId: ids.evId, userOperatorId: operatorId };
  const start = { authorization: 'Accepted', startedAt: '2026-01-01T00:00:00.000Z', meterStartWh: 0 };
  const place = { chargePointId: ids.pile, connectorId: 1, transactionId: 1 };
  return {
    id: ids.session,
    ...place,
    ...parties,
    status: 'open',
    ...start,
    ...nothing,
    simulated: false,
    settlement: null,
  };
}

function tokenOf(role: Role): string {
  return tokens.get(role) ?? '';
}

function concrete(key: string): { method: string; path: string } {
  const [method = '', path = ''] = key.split(' ');
  const uuidRoute = /sessions|reconciliations|breaks|commands/.test(path);
  const id = uuidRoute ? IDS.nonexistent.session : 'X-NONE';
  return {
    method,
    path: path
      .replace(':number', '7')
      .replace(':txId', 'a'.repeat(64))
      .replaceAll(/:[a-zA-Z]+/g, id),
  };
}

describe('access table and route table', () => {
  it('have exactly the same rows', () => {
    expect(routeKeys(api.app).toSorted()).toEqual([...ACCESS_TABLE.keys()].toSorted());
    expect(ACCESS_TABLE.size).toBeGreaterThan(40);
  });

  it('refuses every role that has no right to a route, and lets in every one that has', async () => {
    for (const [key, access] of ACCESS_TABLE) {
      if (access === 'public' || key === 'GET /v1/events') continue;
      const { method, path } = concrete(key);
      for (const role of ROLES) {
        const { status } = await api.request(tokenOf(role), method, path, method === 'GET' ? undefined : {});
        const permitted = access.includes(role);
        expect({ key, role, refusedByRole: status === 403 }).toEqual({ key, role, refusedByRole: !permitted });
        expect({ key, role, status }).not.toMatchObject({ status: 500 });
      }
    }
  });

  it('answers 401 on every route to no token and to twelve kinds of broken ones', async () => {
    const good = tokenOf('supervisor');
    const headers = [
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${good.slice(1)}`,
      `Bearer ${good}x`,
      `Bearer  ${good}`,
      `bearer ${good}`,
      `Basic ${good}`,
      good,
      `Bearer ${'A'.repeat(43)}`,
      `Bearer ${good.slice(0, 42)}!`,
      `Bearer ${good},${good}`,
    ];
    for (const [key, access] of ACCESS_TABLE) {
      if (access === 'public') continue;
      const { method, path } = concrete(key);
      const authorization = headers[[...ACCESS_TABLE.keys()].indexOf(key) % headers.length] ?? '';
      const { status, headers: answered } = await api.request(undefined, method, path, undefined, { authorization });
      expect({ key, authorization, status }).toEqual({ key, authorization, status: 401 });
      expect(answered.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it.each(['HEAD', 'GET'])('keeps %s on disguised paths behind the guard', async (method) => {
    const disguises = [
      '/v1/sessions/',
      '//v1/sessions',
      '/v1//sessions',
      '/v1/sessions;x',
      '/v1%2fsessions',
      '/V1/SESSIONS',
      '/v1/./sessions',
      '/v1/x/../sessions',
    ];
    for (const path of disguises) {
      const { status } = await api.request(undefined, method, path);
      expect({ path, status, open: status < 400 }).toMatchObject({ path, open: false });
    }
  });
});

describe('objects of csms: own, foreign, nonexistent', () => {
  const cells = Object.entries(OWN_OBJECT_ROUTES).flatMap(([key, route]) =>
    ROLES.filter((role) => ACCESS_TABLE.get(key)?.includes(role)).map((role) => ({ key, role, ...route })),
  );

  it('has a row for every route with an object that csms answers', () => {
    const own = [...ACCESS_TABLE.keys()].filter((key) =>
      /\/v1\/(charge-points|sessions|id-tags|commands)\/:/.test(key),
    );
    expect(Object.keys(OWN_OBJECT_ROUTES).toSorted()).toEqual(own.toSorted());
  });

  it.each(cells)('$key as $role', async ({ key, role, path, body, ok }) => {
    const [method = ''] = key.split(' ');
    const answers = new Map<Ownership, { status: number; text: string }>();
    for (const ownership of ['own', 'foreign', 'nonexistent'] as const) {
      const { status, text } = await api.request(tokenOf(role), method, path(IDS[ownership]), body);
      answers.set(ownership, { status, text: text.replace(/"requestId":"[^"]*"/, '') });
    }
    expect(answers.get('own')?.status).toBe(ok);
    if (role === 'supervisor') expect(answers.get('foreign')?.status).toBe(ok);
    else expect(answers.get('foreign')).toEqual(answers.get('nonexistent'));
    expect(answers.get('nonexistent')?.status).toBe(404);
  });
});

describe('revocation', () => {
  it('ends a token at once', async () => {
    const token = await api.tokenFor({ role: 'operator', organisation: 'STAR', name: 'leaving' });
    expect((await api.request(token, 'GET', '/v1/me')).status).toBe(200);
    const user = await api.fakes.users.findByName({ role: 'operator', organisation: 'STAR', name: 'leaving' });
    await api.fakes.users.revoke(user?.userId ?? '');
    expect((await api.request(token, 'GET', '/v1/me')).status).toBe(401);
  });
});
