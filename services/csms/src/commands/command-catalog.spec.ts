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

  it('shows no key of a pile that gives it away', () => {
    const answer = {
      configurationKey: [
        { key: 'authorizationKey', readonly: false, value: 'canary' },
        { key: 'A', readonly: true, value: '1' },
        null,
      ],
      x: 1,
    };
    expect(catalog.redact('GetConfiguration', answer)).toEqual({
      configurationKey: [
        { key: 'authorizationKey', readonly: false, value: '***' },
        { key: 'A', readonly: true, value: '1' },
        null,
      ],
      x: 1,
    });
    for (const odd of [null, 'canary', [], { configurationKey: 'x' }])
      expect(catalog.redact('GetConfiguration', odd)).toEqual(odd);
    expect(catalog.redact('Reset', answer)).toBe(answer);
  });

  it('says how an unreadable answer violates the standard', () => {
    expect(catalog.read('Reset', { status: 'Perhaps' })).toEqual({
      state: 'error',
      code: 'PropertyConstraintViolation',
    });
    expect(catalog.read('Reset', [])).toEqual({ state: 'error', code: 'FormationViolation' });
  });
});
