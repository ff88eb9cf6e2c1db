import { COMMAND_STATES, type CommandView } from '@tallywatt/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import { CommandStore, type CommandEnding, type NewCommand } from '../commands/command-store.js';

const errorText = z.object({ code: z.string(), description: z.string(), details: z.unknown() });
const commandRow = z.object({
  command_id: z.string(),
  charge_point_id: z.string(),
  action: z.string(),
  payload: z.string(),
  requested_by: z.string(),
  requested_at: z.date(),
  state: z.enum(COMMAND_STATES),
  result: z.string().nullable(),
  error: z.string().nullable(),
  ended_at: z.date().nullable(),
});

export class PgCommandStore extends CommandStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  async insert(command: NewCommand): Promise<void> {
    await this.pool.query(
      `insert into csms.command (command_id, charge_point_id, action, payload, requested_by, requested_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        command.id,
        command.chargePointId,
        command.action,
        JSON.stringify(command.payload),
        command.requestedBy,
        command.requestedAt,
      ],
    );
  }

  async markSent(commandId: string): Promise<void> {
    await this.pool.query(`update csms.command set state = 'sent' where command_id = $1 and state = 'queued'`, [
      commandId,
    ]);
  }

  async end(commandId: string, { state, result, error, endedAt }: CommandEnding): Promise<void> {
    await this.pool.query(
      `update csms.command set state = $2, result = $3, error = $4, ended_at = $5 where command_id = $1 and ended_at is null`,
      [
        commandId,
        state,
        result === null ? null : JSON.stringify(result),
        error === null ? null : JSON.stringify(error),
        endedAt,
      ],
    );
  }

  async find(commandId: string): Promise<CommandView | undefined> {
    const { rows } = await this.pool.query<object>('select * from csms.command where command_id = $1', [commandId]);
    return rows[0] === undefined ? undefined : present(commandRow.parse(rows[0]));
  }

  async endAbandoned(requestedBefore: Date, endedAt: Date): Promise<number> {
    const { rowCount } = await this.pool.query(
      `update csms.command set state = case state when 'sent' then 'timeout' else 'expired' end, ended_at = $2
       where ended_at is null and requested_at < $1`,
      [requestedBefore, endedAt],
    );
    return rowCount ?? 0;
  }
}

function present(row: z.output<typeof commandRow>): CommandView {
  return {
    id: row.command_id,
    chargePointId: row.charge_point_id,
    action: row.action,
    payload: JSON.parse(row.payload),
    state: row.state,
    result: row.result === null ? null : JSON.parse(row.result),
    error: row.error === null ? null : readError(row.error),
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}

function readError(text: string): NonNullable<CommandView['error']> {
  const { code, description, details } = errorText.parse(JSON.parse(text));
  return { code, description, details };
}
