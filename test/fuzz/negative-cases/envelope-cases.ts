import { MESSAGE_ID, call, everywhere, type Expected, type NegativeCase } from './case.js';

const TO_NOBODY: Expected = { error: 'FormationViolation', to: '-1' };
const REFUSED: Expected = { error: 'FormationViolation' };
const SILENCE: Expected = { silence: true };
const NOT_IMPLEMENTED: Expected = { error: 'NotImplemented' };
const NOT_SUPPORTED: Expected = { error: 'NotSupported' };

/** OCPP-J 1.6 section 4.2: what is no message at all. */
const UNREADABLE: readonly (readonly [string, string])[] = [
  ['an empty message', ''],
  ['blanks', ' \n\t '],
  ['no JSON', 'hello'],
  ['half an array', '[2,"n1","Heartbeat"'],
  ['a trailing comma', '[2,"n1","Heartbeat",{},]'],
  ['single quotes', "[2,'n1','Heartbeat',{}]"],
  ['NaN', '[2,"n1","Heartbeat",NaN]'],
  ['a NUL after the message', '[2,"n1","Heartbeat",{}]\u0000'],
  ['a byte order mark', '\ufeff[2,"n1","Heartbeat",{}]'],
  ['two messages', '[2,"n1","Heartbeat",{}][2,"n2","Heartbeat",{}]'],
  ['a comment', '[2,"n1",/* hi */"Heartbeat",{}]'],
  ['a raw newline in text', '[2,"n1","Heart\nbeat",{}]'],
  ['JSON null', 'null'],
  ['JSON text', '"Heartbeat"'],
  ['a JSON number', '2'],
  ['JSON true', 'true'],
  ['an object', '{"0":2,"1":"n1","2":"Heartbeat","3":{}}'],
  ['an object that calls itself an array', '{"length":4,"0":2,"1":"n1","2":"Heartbeat","3":{}}'],
  ['an empty array', '[]'],
  ['an array in an array', '[[2,"n1","Heartbeat",{}]]'],
  ['a type in text', '["2","n1","Heartbeat",{}]'],
  ['no type', '[null,"n1","Heartbeat",{}]'],
  ['a type that is true', '[true,"n1","Heartbeat",{}]'],
  ['ten thousand brackets', '['.repeat(10_000)],
];

/** CALLs whose id cannot be read. */
const WITHOUT_ID: readonly (readonly [string, string])[] = [
  ['a CALL alone', '[2]'],
  ['an id that is null', '[2,null,"Heartbeat",{}]'],
  ['an id that is an object', '[2,{},"Heartbeat",{}]'],
  ['an id that is an array', '[2,["n1"],"Heartbeat",{}]'],
  ['an id that is true', '[2,true,"Heartbeat",{}]'],
  ['an id that is 1.5', '[2,1.5,"Heartbeat",{}]'],
  ['an id of 1e400', '[2,1e400,"Heartbeat",{}]'],
  ['an id of 2^53 + 1', '[2,9007199254740993,"Heartbeat",{}]'],
];

/** CALLs that are incomplete, or whose action is none. */
const INCOMPLETE: readonly (readonly [string, string])[] = [
  ['no action', '[2,"n1"]'],
  ['no payload', '[2,"n1","Heartbeat"]'],
  ['no payload of a transaction message', '[2,"n1","StopTransaction"]'],
  ['an action that is null', '[2,"n1",null,{}]'],
  ['an action that is a number', '[2,"n1",5,{}]'],
  ['an action that is an object', '[2,"n1",{"toString":1},{}]'],
  ['an action that is an array', '[2,"n1",["Heartbeat"],{}]'],
  ['an action of 65 characters', `[2,"n1","${'A'.repeat(65)}",{}]`],
  ['an action of 100,000 characters', `[2,"n1","${'A'.repeat(100_000)}",{}]`],
  [
    'a payload that nests 10,000 levels',
    `[2,"n1","DataTransfer",{"vendorId":"V","data":${'['.repeat(10_000)}${']'.repeat(10_000)}}]`,
  ],
];

/** Actions that no charge point may call, or that nobody knows (OCPP-J 1.6 table 7). */
const COMMANDS = [
  'Reset',
  'ChangeAvailability',
  'ChangeConfiguration',
  'ClearCache',
  'GetConfiguration',
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'UnlockConnector',
  'TriggerMessage',
  'GetLocalListVersion',
  'SendLocalList',
  'ReserveNow',
  'CancelReservation',
  'SetChargingProfile',
  'ClearChargingProfile',
  'GetCompositeSchedule',
  'GetDiagnostics',
  'UpdateFirmware',
];
const UNKNOWN_ACTIONS = [
  '',
  ' ',
  'heartbeat',
  'Heartbeat ',
  'HEARTBEAT',
  'MakeCoffee',
  'TransactionEvent',
  'NotifyReport',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'Heartbeat\u0000',
  'Ηeartbeat',
];

/** Answers and types that nobody asked for (OCPP-J 1.6 section 4.1.3: other types are ignored). */
const IGNORED: readonly (readonly [string, string])[] = [
  ['a CALLRESULT that nobody asked for', '[3,"n1",{}]'],
  ['a CALLRESULT without payload', '[3,"n1"]'],
  ['a CALLERROR that nobody asked for', '[4,"n1","GenericError","",{}]'],
  ['a CALLERROR without anything', '[4,"n1"]'],
  ['a CALLERROR of wrong types', '[4,"n1",5,{},[]]'],
  ['type 0', '[0,"n1","Heartbeat",{}]'],
  ['type 1', '[1,"n1","Heartbeat",{}]'],
  ['type 5', '[5,"n1","Heartbeat",{}]'],
  ['type 6', '[6,"n1","Heartbeat",{}]'],
  ['type -2', '[-2,"n1","Heartbeat",{}]'],
  ['type 2.5', '[2.5,"n1","Heartbeat",{}]'],
];

const LONG_ID = 'x'.repeat(37);

export const ENVELOPE_CASES: readonly NegativeCase[] = [
  ...UNREADABLE.flatMap(([name, frame]) => everywhere(name, frame, TO_NOBODY)),
  ...WITHOUT_ID.flatMap(([name, frame]) => everywhere(name, frame, TO_NOBODY)),
  ...INCOMPLETE.flatMap(([name, frame]) => everywhere(name, frame, REFUSED)),
  ...COMMANDS.flatMap((action) => everywhere(`a charge point calls ${action}`, call(action, {}), NOT_SUPPORTED)),
  ...UNKNOWN_ACTIONS.flatMap((action) =>
    everywhere(`the action ${JSON.stringify(action)}`, call(action, {}), NOT_IMPLEMENTED),
  ),
  ...IGNORED.flatMap(([name, frame]) => everywhere(name, frame, SILENCE)),
  ...everywhere('an id of 37 characters', call('Heartbeat', {}, LONG_ID), { ...REFUSED, to: LONG_ID }),
  ...everywhere('an empty id', call('Heartbeat', {}, ''), { ...REFUSED, to: '' }),
  ...everywhere('an id that is a number', '[2,17,"Heartbeat",{}]', { result: 'taken' }),
  ...everywhere('five elements', '[2,"n1","Heartbeat",{},{}]', { result: 'taken' }),
  ...everywhere('a payload with blanks around it', ' [ 2 , "n1" , "Heartbeat" , { } ] ', { result: 'taken' }),
  ...everywhere(
    'a message of 256 KiB and a byte',
    call('DataTransfer', { vendorId: 'V', data: 'x'.repeat(256 * 1024) }),
    { close: 1009 },
  ),
  ...everywhere(
    'twenty-one malformed messages',
    'x',
    { close: 1008 },
    Array.from({ length: 20 }, () => 'x'),
  ),
];

/** The id that a case's answer carries. */
export function idOf({ frame, expected }: NegativeCase): string {
  if ('error' in expected && expected.to !== undefined) return expected.to;
  return frame.startsWith('[2,17,') ? '17' : MESSAGE_ID;
}
