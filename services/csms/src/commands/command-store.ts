import type { CommandState, CommandView } from '@tallywatt/contracts';

export interface NewCommand {
  readonly id: string;
  readonly chargePointId: string;
  readonly action: string;
  readonly payload: object;
  readonly requestedBy: string;
  readonly requestedAt: Date;
}

export interface CommandEnding {
  readonly state: Exclude<CommandState, 'queued' | 'sent'>;
  readonly result: unknown;
  readonly error: CommandView['error'];
  readonly endedAt: Date;
}

/** Commands as resources: stored before they are sent, ended once. */
export abstract class CommandStore {
  abstract insert(command: NewCommand): Promise<void>;
  abstract markSent(commandId: string): Promise<void>;
  /** The first ending stands; another one changes nothing. */
  abstract end(commandId: string, ending: CommandEnding): Promise<void>;
  abstract find(commandId: string): Promise<CommandView | undefined>;
  /** Ends what a dead process left behind: `queued` as expired, `sent` as timeout. @returns how many */
  abstract endAbandoned(requestedBefore: Date, endedAt: Date): Promise<number>;
}
