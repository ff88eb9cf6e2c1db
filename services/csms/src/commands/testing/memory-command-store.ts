import type { CommandView } from '@tallywatt/contracts';
import { CommandStore, type CommandEnding, type NewCommand } from '../command-store.js';

export class MemoryCommandStore extends CommandStore {
  readonly states: string[] = [];
  isDown = false;
  private readonly commands = new Map<string, CommandView>();

  async insert({ requestedAt, ...command }: NewCommand): Promise<void> {
    if (this.isDown) throw new Error('store is down');
    this.states.push('queued');
    const rest = {
      state: 'queued' as const,
      result: null,
      error: null,
      requestedAt: requestedAt.toISOString(),
      endedAt: null,
    };
    this.commands.set(command.id, { ...command, ...rest });
  }

  async markSent(commandId: string): Promise<void> {
    this.change(commandId, { state: 'sent' });
  }

  async end(commandId: string, { endedAt, ...ending }: CommandEnding): Promise<void> {
    this.change(commandId, { ...ending, endedAt: endedAt.toISOString() });
  }

  async find(commandId: string): Promise<CommandView | undefined> {
    return this.commands.get(commandId);
  }

  async endAbandoned(): Promise<number> {
    return 0;
  }

  private change(commandId: string, change: Partial<CommandView>): void {
    if (this.isDown) throw new Error('store is down');
    const command = this.commands.get(commandId);
    if (command === undefined || command.endedAt !== null) return;
    if (change.state !== undefined) this.states.push(change.state);
    this.commands.set(commandId, { ...command, ...change });
  }
}
