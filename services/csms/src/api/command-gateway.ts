import type { CommandView } from '@tallywatt/contracts';

export interface CommandRequest {
  readonly chargePointId: string;
  readonly action: string;
  readonly payload: unknown;
  /** Name and organisation of the token that asked; shown with the command. */
  readonly requestedBy: string;
}

/** Commands to piles as the API sees them; `commands/` decides what an action is and how it ends. */
export abstract class CommandGateway {
  /** Stores and sends a command. @throws ProblemError 400 unknown action or bad payload, 409 pile not connected */
  abstract request(request: CommandRequest): Promise<CommandView>;
  abstract find(commandId: string): Promise<CommandView | undefined>;
}
