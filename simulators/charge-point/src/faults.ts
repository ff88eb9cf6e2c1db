import type { Clock } from './clock.js';
import { NoAnswerError, type PileLink } from './pile-link.js';
import type { Rng } from './rng.js';

/**
 * What can happen to a CALL on its way:
 * `drop` it never leaves; `dropAnswer` it arrives and its answer does not; `delay`; `duplicate` its frame arrives twice;
 * `reorder` the next call overtakes it; `reconnect` the socket is cut while the answer is on its way.
 */
export const LINK_FAULTS = ['drop', 'dropAnswer', 'delay', 'duplicate', 'reorder', 'reconnect'] as const;
export type LinkFault = (typeof LINK_FAULTS)[number];

const DELAY_MS = 200;
/** A reordered call waits this long for another one to overtake it. */
export const REORDER_MS_MAX = 300;
const OFFLINE_MS = 100;

/** Decides, call by call, what happens to it. */
export interface FaultPlan {
  faultFor(action: string): LinkFault | undefined;
}

/** Each call suffers with the given probability; which way is drawn too. */
export function randomFaults(rate: number, rng: Rng): FaultPlan {
  return { faultFor: () => (rng.chance(rate) ? rng.pick(LINK_FAULTS) : undefined) };
}

/** Faults that are armed one by one: each hits the next call of its action, once. */
export class ArmedFaults implements FaultPlan {
  private readonly armed = new Map<string, LinkFault[]>();

  arm(action: string, fault: LinkFault): void {
    this.armed.set(action, [...(this.armed.get(action) ?? []), fault]);
  }

  faultFor(action: string): LinkFault | undefined {
    return this.armed.get(action)?.shift();
  }
}

/** A link on which calls go wrong as the plan says. */
export class FaultyLink implements PileLink {
  private overtaken: (() => void) | undefined;
  readonly injected = new Map<LinkFault, number>();

  constructor(
    private readonly link: PileLink,
    private readonly plan: FaultPlan,
    private readonly clock: Clock,
  ) {}

  get connected(): boolean {
    return this.link.connected;
  }
  connect(): Promise<void> {
    return this.link.connect();
  }
  close(): Promise<void> {
    return this.link.close();
  }
  reconnect(offlineMs: number): Promise<void> {
    return this.link.reconnect(offlineMs);
  }
  repeatFrame(action: string): void {
    this.link.repeatFrame(action);
  }
  callAs(messageId: string, action: string, payload: object): Promise<unknown> {
    return this.link.callAs(messageId, action, payload);
  }

  callRaw(messageId: string, action: string, payload: string): Promise<unknown> {
    return this.link.callRaw(messageId, action, payload);
  }
  abandon(): void {
    this.link.abandon();
  }

  async call(action: string, payload: object): Promise<unknown> {
    const fault = this.plan.faultFor(action);
    if (fault === undefined) return this.pass(action, payload);
    this.injected.set(fault, (this.injected.get(fault) ?? 0) + 1);
    switch (fault) {
      case 'drop':
        throw new NoAnswerError(action, 'dropped on its way');
      case 'dropAnswer':
        await this.pass(action, payload);
        throw new NoAnswerError(action, 'its answer was dropped');
      case 'delay':
        await this.clock.sleep(DELAY_MS);
        return this.pass(action, payload);
      case 'duplicate':
        return this.duplicate(action, payload);
      case 'reorder':
        await Promise.race([
          new Promise<void>((resolve) => (this.overtaken = resolve)),
          this.clock.sleep(REORDER_MS_MAX),
        ]);
        return this.pass(action, payload);
      case 'reconnect':
        return this.cut(action, payload);
    }
  }

  private async pass(action: string, payload: object): Promise<unknown> {
    const answer = await this.link.call(action, payload);
    this.overtaken?.();
    this.overtaken = undefined;
    return answer;
  }

  private async duplicate(action: string, payload: object): Promise<unknown> {
    const answer = await this.pass(action, payload);
    this.link.repeatFrame(action);
    return answer;
  }

  private async cut(action: string, payload: object): Promise<never> {
    const lost = this.link.call(action, payload).catch(() => undefined);
    await this.link.reconnect(OFFLINE_MS);
    await lost;
    throw new NoAnswerError(action, 'the socket was cut');
  }
}
