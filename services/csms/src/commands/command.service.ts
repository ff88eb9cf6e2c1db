import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { CommandView } from '@tallywatt/contracts';
import { CommandGateway, type CommandRequest } from '../api/command-gateway.js';
import { invalidRequest } from '../api/problem.js';
import { PileCaller, type CallOutcome } from '../connection/pile-caller.js';
import type { CommandAction } from '../ocpp/actions.js';
import { Authorisation } from '../sessions/authorisation.js';
import { CommandCatalog } from './command-catalog.js';
import { CommandStore, type CommandEnding, type NewCommand } from './command-store.js';

/** For the turn in the pile's queue, and again for its answer: a pile on a bad link needs seconds, a person gives up after more. */
export const COMMAND_TIMEOUT_MS = 30_000;
/** After both waits and some slack, a command without an end belongs to a process that died. */
export const COMMAND_ABANDONED_MS = 2 * COMMAND_TIMEOUT_MS + 60_000;

/** One command from request to the pile's own answer: queued → sent → accepted | rejected | error | timeout | expired. */
@Injectable()
export class CommandService extends CommandGateway implements OnApplicationBootstrap {
  private readonly logger = new Logger(CommandService.name);

  constructor(
    private readonly catalog: CommandCatalog,
    private readonly store: CommandStore,
    private readonly piles: PileCaller,
    private readonly authorisation: Authorisation,
  ) {
    super();
  }

  async onApplicationBootstrap(): Promise<void> {
    const now = new Date();
    await this.store.endAbandoned(new Date(now.getTime() - COMMAND_ABANDONED_MS), now);
  }

  /** Stores the command, starts sending it, and answers with the resource. @throws ProblemError 400 */
  override async request(request: CommandRequest): Promise<CommandView> {
    const { command, ended } = await this.begin(request);
    // Its end is in the store; a failure to store it is logged there.
    void ended;
    return queuedView(command);
  }

  /** As {@link request}, but waits for the end. @throws ProblemError 400 */
  async execute(request: CommandRequest): Promise<CommandEnding> {
    return (await this.begin(request)).ended;
  }

  override find(commandId: string): Promise<CommandView | undefined> {
    return this.store.find(commandId);
  }

  private async begin(request: CommandRequest): Promise<{ command: NewCommand; ended: Promise<CommandEnding> }> {
    const checked = this.catalog.check(request.action, request.payload);
    if ('fault' in checked) {
      const pointer = checked.fault === 'unknown-action' ? '/action' : '/payload';
      throw invalidRequest([{ pointer, code: checked.fault, message: checked.message }]);
    }
    const { chargePointId, requestedBy } = request;
    const command = { id: randomUUID(), chargePointId, ...checked, requestedBy, requestedAt: new Date() };
    await this.store.insert(command);
    return { command, ended: this.send(command, checked.action) };
  }

  private async send(command: NewCommand, action: CommandAction): Promise<CommandEnding> {
    const refusal = await this.refusalOf(command, action);
    let stored: Promise<void> = Promise.resolve();
    const onSent = (): void => {
      stored = this.keep(command, this.store.markSent(command.id));
    };
    const { chargePointId, payload } = command;
    const ending =
      refusal ??
      this.endingOf(action, await this.piles.call(chargePointId, action, payload, COMMAND_TIMEOUT_MS, onSent));
    await stored;
    await this.keep(command, this.store.end(command.id, ending));
    return ending;
  }

  /** A blocked driver is not started from afar either (rules.md): the command ends before it is sent. */
  private async refusalOf({ payload }: NewCommand, action: CommandAction): Promise<CommandEnding | undefined> {
    if (action !== 'RemoteStartTransaction' || !('idTag' in payload) || typeof payload.idTag !== 'string')
      return undefined;
    const status = await this.authorisation.authorize(payload.idTag).catch(() => UNKNOWN_STANDING);
    if (status === 'Accepted') return undefined;
    return {
      state: 'rejected',
      result: null,
      error: errorOf(status, 'The driver may not charge; nothing was sent.'),
      endedAt: new Date(),
    };
  }

  private endingOf(action: CommandAction, outcome: CallOutcome): CommandEnding {
    const endedAt = new Date();
    switch (outcome.type) {
      case 'result': {
        const read = this.catalog.read(action, outcome.payload);
        const error =
          read.state === 'error'
            ? errorOf(read.code, 'The answer of the pile does not fit the OCPP 1.6 schema.')
            : null;
        return { state: read.state, result: this.catalog.redact(action, outcome.payload), error, endedAt };
      }
      case 'error': {
        const { code, description, details } = outcome;
        return { state: 'error', result: null, error: { code, description, details }, endedAt };
      }
      case 'timeout':
        return {
          state: 'timeout',
          result: null,
          error: errorOf('timeout', 'The pile did not answer in time.'),
          endedAt,
        };
      case 'expired':
        return {
          state: 'expired',
          result: null,
          error: errorOf('expired', 'Never sent: other commands took too long.'),
          endedAt,
        };
      case 'not-connected':
        return {
          state: 'expired',
          result: null,
          error: errorOf('not-connected', 'Never sent: the pile is not connected.'),
          endedAt,
        };
    }
  }

  /** A write that fails leaves the resource behind its truth until it is ended as abandoned. */
  private async keep(command: NewCommand, write: Promise<void>): Promise<void> {
    try {
      await write;
    } catch (error) {
      this.logger.error({ message: 'command state not stored', commandId: command.id, error: String(error) });
    }
  }
}

/** The standing cannot be read: nobody is started on a guess. */
const UNKNOWN_STANDING = 'Invalid';

function errorOf(code: string, description: string): NonNullable<CommandView['error']> {
  return { code, description, details: {} };
}

function queuedView({ requestedAt, ...command }: NewCommand): CommandView {
  return {
    ...command,
    state: 'queued',
    result: null,
    error: null,
    requestedAt: requestedAt.toISOString(),
    endedAt: null,
  };
}
