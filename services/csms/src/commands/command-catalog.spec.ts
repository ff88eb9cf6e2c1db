import { describe, expect, it } from '@jest/globals';
import { COMMAND_ACTIONS } from '../ocpp/actions.js';
import { SchemaValidator } from '../ocpp/schema-validator.js';
import { CommandCatalog } from './command-catalog.js';

const catalog = new CommandCatalog(new SchemaValidator());

describe('CommandCatalog', () => {
  it.each(['Heartbeat', 'StartTransaction', 'UpdateFirmware', '', '__proto__', 'toString'])(
    'knows no command %j',
    (action) => {
      expect(catalog.check(action, {})).toMatchObject({ fault: 'unknown-action' });
    },
  );

  it('has a definition of every command action that names itself', () => {
    for (const action of COMMAND_ACTIONS) expect(catalog.check(action, null)).toMatchObject({ fault: 'bad-payload' });
  });

  it('says how an unreadable answer violates the standard', () => {
    expect(catalog.read('Reset', { status: 'Perhaps' })).toEqual({
      state: 'error',
      code: 'PropertyConstraintViolation',
    });
    expect(catalog.read('Reset', [])).toEqual({ state: 'error', code: 'FormationViolation' });
  });
});
