import { WebSocket } from 'ws';

/** A pile as bare frames: an independent reader of the protocol, with no code of server or simulator. */
export class WirePile {
  private next = 1;
  private readonly waiting = new Map<string, (frame: unknown[]) => void>();
  /** CALLs of the central system, in order of arrival. */
  readonly received: unknown[][] = [];

  /** Close code of the socket, once it is closed. */
  readonly closed: Promise<number>;

  private constructor(private readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data: Buffer) => this.accept(JSON.parse(data.toString('utf8')) as unknown[]));
  }

  /** Connects with Basic auth; rejects with the HTTP status when the upgrade is refused. */
  static connect(base: string, id: string, password: string): Promise<WirePile> {
    const socket = new WebSocket(`${base}/${id}`, ['ocpp1.6'], {
      headers: { authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` },
    });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(new WirePile(socket)));
      socket.once('unexpected-response', (_, response) => reject(new Error(`HTTP ${response.statusCode}`)));
      socket.once('error', reject);
    });
  }

  /** Sends a CALL and answers the whole reply frame. */
  call(action: string, payload: object, messageId = `m${this.next++}`): Promise<unknown[]> {
    const answer = new Promise<unknown[]>((resolve) => this.waiting.set(messageId, resolve));
    this.socket.send(JSON.stringify([2, messageId, action, payload]));
    return answer;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.socket.once('close', () => resolve());
      this.socket.close();
    });
  }

  private accept(frame: unknown[]): void {
    const [type, messageId, action] = frame;
    if (type !== 2) return this.waiting.get(String(messageId))?.(frame);
    this.received.push(frame);
    this.socket.send(JSON.stringify([3, messageId, action === 'GetConfiguration' ? {} : { status: 'Accepted' }]));
  }
}
