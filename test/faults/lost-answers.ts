import { WirePile } from '../support/ocpp-wire.js';
import { until } from '../support/product.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import type { Scene } from './fault-run.js';

const FIRST_START_MS = Date.UTC(2025, 0, 1);
const SESSION_MS = 30 * 60_000;
const SESSION_WH = 10_000;
/** How a charger may send again what was not answered; a retry's id and socket are its own choice. */
export const RESENDS = [
  { id: 'same', socket: 'same' },
  { id: 'other', socket: 'same' },
  { id: 'same', socket: 'new' },
  { id: 'other', socket: 'new' },
] as const;

/** K2 from outside: a Stop is stored, and exactly its answer never arrives. @returns how many the proxy dropped. */
export async function loseAnswers(scene: Scene, count: number): Promise<number> {
  const url = new URL(scene.product.credentials.ocpp);
  const target = { host: url.hostname, port: Number(url.port) };
  let lost = 0;
  for (let index = 0; index < count; index += 1) {
    const faults = [{ kind: 'swallow', text: `"stop-${index}"` } as const];
    const proxy = await TcpProxy.listen(target, () => faults.shift());
    url.host = `127.0.0.1:${proxy.port}`;
    try {
      await loseOne(scene, proxy, url.href.replace(/\/$/, ''), index);
      lost += proxy.struck;
    } finally {
      await proxy.close();
    }
  }
  return lost;
}

async function loseOne({ spare, load, line }: Scene, proxy: TcpProxy, url: string, index: number): Promise<void> {
  const resend = RESENDS[index % RESENDS.length] ?? RESENDS[0];
  const connect = (): Promise<WirePile> => WirePile.connect(url, spare.id, spare.password);
  const pile = await connect();
  await pile.call('BootNotification', { chargePointVendor: 'Fault', chargePointModel: 'H' });
  const startMs = FIRST_START_MS + index * 2 * SESSION_MS;
  const [startedAt, endedAt] = [startMs, startMs + SESSION_MS].map((atMs) => new Date(atMs).toISOString());
  const { idTag } = spare;
  const meterStartWh = index * SESSION_WH;
  const start = { connectorId: 1, idTag, meterStart: meterStartWh, timestamp: startedAt };
  const { transactionId } = (await pile.call('StartTransaction', start))[2] as { transactionId: number };
  const meterStopWh = meterStartWh + SESSION_WH;
  const stop = { transactionId, idTag, meterStop: meterStopWh, timestamp: endedAt, reason: 'Local' };
  let answers = 0;
  void pile.call('StopTransaction', stop, `stop-${index}`).then(() => (answers += 1));
  await until(
    'the answer is lost',
    () => Promise.resolve(proxy.struck),
    (struck) => struck === 1,
  );
  const again = resend.socket === 'same' ? pile : await connect();
  const answer = await again.call('StopTransaction', stop, resend.id === 'same' ? `stop-${index}` : `again-${index}`);
  const said = JSON.stringify(answer.slice(0, 3));
  if (answers > 0 || answer[0] !== 3 || !said.includes('Accepted'))
    throw new Error(`a Stop sent again with ${resend.id} id on the ${resend.socket} socket is answered ${said}`);
  load.stops.push({ chargePointId: spare.id, transactionId, startedAt: startedAt ?? '', meterStartWh, meterStopWh });
  line(`K2 answer ${index + 1} lost, sent again with ${resend.id} id on the ${resend.socket} socket`);
  await again.close();
}
