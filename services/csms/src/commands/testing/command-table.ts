import { expect, it } from '@jest/globals';
import type { CommandAction } from '../../ocpp/actions.js';
import { SchemaValidator } from '../../ocpp/schema-validator.js';
import { CommandCatalog } from '../command-catalog.js';

const catalog = new CommandCatalog(new SchemaValidator());

export interface CommandTable {
  readonly good: readonly object[];
  /** Payload and a part of the reason. */
  readonly bad: readonly (readonly [unknown, string])[];
  /** Literal answers of a pile, as JSON text, and what the command ends as. */
  readonly answers: readonly (readonly [string, 'accepted' | 'rejected' | 'error'])[];
}

/** The behaviour table that every command passes: what may be sent, what may not, and what each answer means. */
export function describeCommand(action: CommandAction, table: CommandTable): void {
  it.each(table.good.map((payload) => [payload]))('sends %j', (payload) => {
    expect(catalog.check(action, payload)).toEqual({ action, payload });
  });
  it.each([...table.bad, [null, 'FormationViolation'] as const, [[], 'FormationViolation'] as const])(
    'refuses to send %j',
    (payload, reason) => {
      expect(catalog.check(action, payload)).toEqual({
        fault: 'bad-payload',
        message: expect.stringContaining(reason),
      });
    },
  );
  const unreadable = [['null', 'error'] as const, ['"Accepted"', 'error'] as const].filter(
    () => action !== 'GetConfiguration',
  );
  it.each([...table.answers, ...unreadable])('reads %s as %s', (answer, state) => {
    expect(catalog.read(action, JSON.parse(answer)).state).toBe(state);
  });
}
