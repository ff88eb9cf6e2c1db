import { Logger } from '@nestjs/common';
import type { ClientProxy, Server } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { z } from 'zod';
import type { ConnectionEvents } from './connection-log.js';
import type { ConnectionRegistry } from './connection-registry.js';
import type { InstanceDirectory } from './instance-directory.js';
import { PileCaller, type CallOutcome } from './pile-caller.js';

/** A process hears calls for its own piles on a pattern of its own. */
const callPattern = (instanceId: string): string => `csms.pile-call.${instanceId}`;
/** Event to all processes: a pile connected to the one that is named. */
const PILE_TAKEN_EVENT = 'csms.pile-taken';
/** Beyond the holder's own two waits: the way there and back. */
export const ROUTE_MS_MAX = 5_000;

const pileCall = z.object({
  chargePointId: z.string(),
  action: z.string(),
  payload: z.record(z.string(), z.unknown()),
  timeoutMs: z.number(),
});
const pileTaken = z.object({ chargePointId: z.string(), instanceId: z.string(), epoch: z.number() });
const callOutcome = z.discriminatedUnion('type', [
  z.object({ type: z.literal('result'), payload: z.unknown() }),
  z.object({ type: z.literal('error'), code: z.string(), description: z.string(), details: z.unknown() }),
  z.object({ type: z.enum(['timeout', 'expired', 'not-connected']) }),
]);

interface PileCall {
  readonly chargePointId: string;
  readonly action: string;
  readonly payload: object;
  readonly timeoutMs: number;
}

export interface RoutingParts {
  readonly instanceId: string;
  readonly registry: ConnectionRegistry;
  readonly directory: InstanceDirectory;
  readonly client: Pick<ClientProxy, 'send' | 'emit'>;
  readonly events: ConnectionEvents;
}

/** Calls to piles of any csms process: those of this one directly, others through the process that holds their socket. */
export class RoutedPileCaller extends PileCaller {
  private readonly logger = new Logger(RoutedPileCaller.name);

  /** The newest socket of each pile here: the end of an older one changes nothing. */
  private readonly epochs = new Map<string, number>();

  constructor(private readonly parts: RoutingParts) {
    super();
    parts.events.subscribe((event) => {
      if (event.kind === 'connected') void this.taken(event.chargePointId, event.epoch);
      if (event.kind === 'disconnected') void this.left(event.chargePointId, event.epoch);
    });
  }

  /** Makes this process answer to the others; before the server listens. */
  listenOn(server: Pick<Server, 'addHandler'>): void {
    const { instanceId, registry } = this.parts;
    server.addHandler(callPattern(instanceId), async (message: unknown) => {
      const { chargePointId, action, payload, timeoutMs } = pileCall.parse(message);
      return registry.call(chargePointId, action, payload, timeoutMs);
    });
    const displace = async (message: unknown): Promise<void> => {
      const taken = pileTaken.parse(message);
      if (taken.instanceId !== instanceId) registry.displace(taken.chargePointId, taken.epoch);
    };
    server.addHandler(PILE_TAKEN_EVENT, displace, true);
  }

  override async call(
    chargePointId: string,
    action: string,
    payload: object,
    timeoutMs: number,
    onSent?: () => void,
  ): Promise<CallOutcome> {
    const { registry, directory, instanceId } = this.parts;
    if (registry.isConnected(chargePointId)) return registry.call(chargePointId, action, payload, timeoutMs, onSent);
    const holder = await directory.holderOf(chargePointId).catch(() => undefined);
    if (holder === undefined || holder === instanceId) return { type: 'not-connected' };
    const outcome = await this.ask(holder, { chargePointId, action, payload, timeoutMs });
    // When exactly it was sent, only the holder knows: before its answer.
    if (outcome.type !== 'expired' && outcome.type !== 'not-connected') onSent?.();
    return outcome;
  }

  override async connectedAmong(chargePointIds: readonly string[]): Promise<ReadonlySet<string>> {
    const here = await this.parts.registry.connectedAmong(chargePointIds);
    const anywhere = await this.parts.directory.heldAmong(chargePointIds).catch(() => here);
    return new Set([...here, ...anywhere]);
  }

  /** A holder that does not answer may have sent the call: that is a timeout, not "never sent". */
  private async ask(holder: string, message: PileCall): Promise<CallOutcome> {
    const { timeoutMs } = message;
    const answer = this.parts.client.send<unknown>(callPattern(holder), message);
    try {
      return callOutcome.parse(await firstValueFrom(answer.pipe(timeout(2 * timeoutMs + ROUTE_MS_MAX))));
    } catch (fault) {
      this.logger.warn({ message: 'no answer of the process that holds the pile', holder, fault: String(fault) });
      return { type: 'timeout' };
    }
  }

  private async taken(chargePointId: string, epoch: number): Promise<void> {
    const { client, directory, instanceId } = this.parts;
    this.epochs.set(chargePointId, epoch);
    await directory.take(chargePointId);
    client
      .emit(PILE_TAKEN_EVENT, { chargePointId, instanceId, epoch })
      .pipe(timeout(ROUTE_MS_MAX))
      .subscribe({ error: (fault: unknown) => this.logger.warn({ message: 'others not told', fault: String(fault) }) });
  }

  private async left(chargePointId: string, epoch: number): Promise<void> {
    if (this.epochs.get(chargePointId) !== epoch) return;
    this.epochs.delete(chargePointId);
    await this.parts.directory.release(chargePointId);
  }
}
