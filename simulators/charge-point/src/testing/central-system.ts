import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** Answer to a CALL: a payload, `no answer`, a CALLERROR code, or a cut socket. */
export type Reply = object | { readonly error: string } | 'silence' | 'cut';
export type Replies = (action: string, payload: Record<string, unknown>, pile: string) => Reply;

/** What the specification's examples answer. */
export function politeReplies(): Replies {
  let transactionId = 1000;
  return (action) => {
    switch (action) {
      case 'BootNotification':
        return { status: 'Accepted', currentTime: '2018-06-01T00:00:00Z', interval: 300 };
      case 'Heartbeat':
        return { currentTime: '2018-06-01T00:00:00Z' };
      case 'Authorize':
        return { idTagInfo: { status: 'Accepted' } };
      case 'StartTransaction':
        transactionId += 1;
        return { transactionId, idTagInfo: { status: 'Accepted' } };
      case 'DataTransfer':
        return { status: 'UnknownVendorId' };
      default:
        return {};
    }
  };
}

/** A central system of a page, written from the specification: literal frames, none of the product's server. */
export class CentralSystem {
  readonly frames: string[] = [];
  readonly authorizations: string[] = [];
  refuseUpgradesWith: number | undefined;
  private readonly sockets = new Map<string, WebSocket>();
  private readonly answersToCalls = new Map<string, (frame: unknown[]) => void>();
  private calls = 0;

  private constructor(
    private readonly http: Server,
    private readonly replies: Replies,
  ) {}

  static async start(
    replies: Replies,
    onHttp?: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<CentralSystem> {
    const http = createServer(onHttp);
    const central = new CentralSystem(http, replies);
    const server = new WebSocketServer({
      noServer: true,
      handleProtocols: (offered) => (offered.has('ocpp1.6') ? 'ocpp1.6' : false),
    });
    http.on('upgrade', (request, socket, head) => {
      if (central.refuseUpgradesWith !== undefined) {
        socket.end(`HTTP/1.1 ${central.refuseUpgradesWith} No\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      central.authorizations.push(request.headers.authorization ?? '');
      server.handleUpgrade(request, socket, head, (ws) => central.attach(ws, request.url?.split('/').at(-1) ?? ''));
    });
    http.listen(0, '127.0.0.1');
    await new Promise((resolve) => http.once('listening', resolve));
    return central;
  }

  get endpoint(): string {
    return `ws://127.0.0.1:${this.port}/ocpp`;
  }
  get api(): string {
    return `http://127.0.0.1:${this.port}`;
  }
  private get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  /** Frames of one action, as sent by piles. */
  callsOf(action: string): unknown[][] {
    return this.frames.map((frame) => JSON.parse(frame) as unknown[]).filter((frame) => frame[2] === action);
  }

  /** Sends a CALL and returns the pile's CALLRESULT or CALLERROR frame. */
  call(pile: string, action: string, payload: object): Promise<unknown[]> {
    this.calls += 1;
    const id = `server-${this.calls}`;
    return new Promise((resolve) => {
      this.answersToCalls.set(id, resolve);
      this.sockets.get(pile)?.send(JSON.stringify([2, id, action, payload]));
    });
  }

  cut(pile: string): void {
    this.sockets.get(pile)?.terminate();
  }

  stop(): void {
    for (const socket of this.sockets.values()) socket.terminate();
    this.http.closeAllConnections();
    this.http.close();
  }

  private attach(ws: WebSocket, pile: string): void {
    this.sockets.set(pile, ws);
    ws.on('message', (data) => {
      const text = (data as Buffer).toString('utf8');
      const frame = JSON.parse(text) as unknown[];
      const [type, id, action, payload] = frame as [number, string, string, Record<string, unknown>];
      if (type !== 2) {
        this.answersToCalls.get(id)?.(frame);
        return;
      }
      this.frames.push(text);
      const reply = this.replies(action, payload, pile);
      if (reply === 'cut') ws.terminate();
      else if (reply !== 'silence')
        ws.send('error' in reply ? `[4,"${id}","${String(reply.error)}","",{}]` : JSON.stringify([3, id, reply]));
    });
  }
}
