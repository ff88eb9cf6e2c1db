import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { makeCertificate } from './testing/certificates.js';
import { KEY_HEX, OcppHarness, TestPile, basicHeader, pileOf } from './testing/ocpp-harness.js';

const authority = makeCertificate('Pile authority', 'TELD');
const server = makeCertificate('localhost', 'Tallywatt');
const key = Buffer.from(KEY_HEX, 'hex');

const harness = new OcppHarness({
  piles: [
    pileOf('P1'),
    pileOf('P2', { securityProfile: 2 }),
    pileOf('P3', { securityProfile: 3 }),
    pileOf('P3X', { securityProfile: 3, operatorId: 'STAR' }),
  ],
  server: {
    tls: { port: 0, certificate: server.certificate, key: server.key, clientAuthority: authority.certificate },
  },
});
beforeAll(() => harness.start());
afterAll(() => harness.stop());

const withKey = (id: string): object => ({ headers: { authorization: basicHeader(id, key) } });

async function connect(id: string, options: object, scheme: 'ws' | 'wss' = 'wss'): Promise<TestPile> {
  const port = scheme === 'ws' ? harness.port : harness.tlsPort;
  const pile = new TestPile(
    new WebSocket(`${scheme}://127.0.0.1:${port}/ocpp/${id}`, ['ocpp1.6'], { rejectUnauthorized: false, ...options }),
  );
  await pile.opened;
  return pile;
}

describe('security profiles', () => {
  it('2: TLS and key; without TLS the right key is refused', async () => {
    const pile = await connect('P2', withKey('P2'));
    pile.send('[2,"1","Heartbeat",{}]');
    expect(await pile.hears(1)).toEqual(['[3,"1",{}]']);
    expect(harness.events.find((event) => event.kind === 'connected')).toMatchObject({
      chargePointId: 'P2',
      secure: true,
    });
    await expect(connect('P2', withKey('P2'), 'ws')).rejects.toThrow('HTTP 401');
    await expect(connect('P2', {})).rejects.toThrow('HTTP 401');
    pile.socket.terminate();
  });

  it('1: may use TLS all the same', async () => {
    (await connect('P1', withKey('P1'))).socket.terminate();
  });

  it('3: needs a certificate that names pile and operator, and no key replaces it', async () => {
    const own = makeCertificate('P3', 'TELD', authority);
    (await connect('P3', { cert: own.certificate, key: own.key })).socket.terminate();
    await expect(connect('P3', withKey('P3'))).rejects.toThrow('HTTP 401');
    await expect(connect('P3', withKey('P3'), 'ws')).rejects.toThrow('HTTP 401');
  });

  it.each([
    ["another pile's certificate", makeCertificate('P1', 'TELD', authority)],
    ["another operator's certificate", makeCertificate('P3X', 'TELD', authority)],
    ['a certificate of nobody', makeCertificate('P3X', 'STAR')],
  ])('3: refuses %s', async (_what, { certificate, key: privateKey }) => {
    await expect(connect('P3X', { cert: certificate, key: privateKey })).rejects.toThrow('HTTP 401');
  });

  it('survives plain text on the TLS port', async () => {
    const { port } = harness;
    harness.port = harness.tlsPort;
    expect((await harness.raw('GET /ocpp/P1 HTTP/1.1\r\n\r\n')).status).toBe(0);
    harness.port = port;
    (await connect('P1', withKey('P1'))).socket.terminate();
  });
});
