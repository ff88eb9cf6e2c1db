import { apart, call, everywhere, type Expected, type NegativeCase } from './case.js';

/** A field of the standard's tables (OCPP 1.6 edition 2, sections 6 and 7). */
interface Field {
  readonly name: string;
  readonly kind: 'text' | 'integer' | 'time' | 'word';
  readonly required?: true;
  /** CiString length. */
  readonly lengthMax?: number;
}
interface Message {
  readonly action: string;
  readonly valid: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
}

const text = (name: string, lengthMax?: number): Field => ({ name, kind: 'text', ...(lengthMax && { lengthMax }) });
const required = (field: Field): Field => ({ ...field, required: true });

/** Every message that a charge point sends and that is no transaction message. */
const MESSAGES: readonly Message[] = [
  { action: 'Authorize', valid: { idTag: 'TAG' }, fields: [required(text('idTag', 20))] },
  {
    action: 'BootNotification',
    valid: { chargePointVendor: 'V', chargePointModel: 'M' },
    fields: [
      required(text('chargePointVendor', 20)),
      required(text('chargePointModel', 20)),
      text('chargePointSerialNumber', 25),
      text('chargeBoxSerialNumber', 25),
      text('firmwareVersion', 50),
      text('iccid', 20),
      text('imsi', 20),
      text('meterType', 25),
      text('meterSerialNumber', 25),
    ],
  },
  {
    action: 'DataTransfer',
    valid: { vendorId: 'V' },
    fields: [required(text('vendorId', 255)), text('messageId', 50), text('data')],
  },
  {
    action: 'DiagnosticsStatusNotification',
    valid: { status: 'Idle' },
    fields: [{ name: 'status', kind: 'word', required: true }],
  },
  {
    action: 'FirmwareStatusNotification',
    valid: { status: 'Idle' },
    fields: [{ name: 'status', kind: 'word', required: true }],
  },
  { action: 'Heartbeat', valid: {}, fields: [] },
  {
    action: 'StatusNotification',
    valid: { connectorId: 1, errorCode: 'NoError', status: 'Available' },
    fields: [
      { name: 'connectorId', kind: 'integer', required: true },
      { name: 'errorCode', kind: 'word', required: true },
      { name: 'status', kind: 'word', required: true },
      text('info', 50),
      { name: 'timestamp', kind: 'time' },
      text('vendorId', 255),
      text('vendorErrorCode', 50),
    ],
  },
];

const TAKEN: Expected = { result: 'taken' };
const TYPE: Expected = { error: 'TypeConstraintViolation' };
const PROPERTY: Expected = { error: 'PropertyConstraintViolation' };
const FORMATION: Expected = { error: 'FormationViolation' };
const OCCURENCE: Expected = { error: 'OccurenceConstraintViolation' };

function fieldCases({ action, valid }: Message, field: Field): NegativeCase[] {
  const { name, kind } = field;
  const of = (value: unknown): string => call(action, { ...valid, [name]: value });
  const named = (what: string): string => `${action}.${name} ${what}`;
  const others = Object.fromEntries(Object.entries(valid).filter(([other]) => other !== name));
  return [
    ...(field.required ? everywhere(named('is missing'), call(action, others), OCCURENCE) : []),
    ...apart(named('is null'), of(null), TYPE, field.required ? TYPE : TAKEN),
    ...everywhere(named('is a boolean'), of(true), TYPE),
    ...everywhere(named('is an object'), of({ a: 1 }), TYPE),
    ...everywhere(named('is an array'), of(['x']), TYPE),
    ...(kind === 'integer' ? integerCases(named, of) : []),
    ...(kind === 'text' ? textCases(named, of, field) : []),
    ...(kind === 'word' ? wordCases(named, of) : []),
    ...(kind === 'time' ? timeCases(named, of) : []),
  ];
}

type Named = (what: string) => string;
type Of = (value: unknown) => string;

function textCases(named: Named, of: Of, { lengthMax }: Field): NegativeCase[] {
  const tooLong =
    lengthMax === undefined
      ? []
      : apart(named(`has ${lengthMax + 1} characters`), of('x'.repeat(lengthMax + 1)), PROPERTY, TAKEN);
  return [...apart(named('is a number'), of(5), TYPE, TAKEN), ...tooLong];
}

function wordCases(named: Named, of: Of): NegativeCase[] {
  return [
    ...everywhere(named('is an unknown word'), of('Nonsense'), PROPERTY),
    ...everywhere(named('is empty'), of(''), PROPERTY),
    ...everywhere(named('is __proto__'), of('__proto__'), PROPERTY),
    ...apart(named('is a number'), of(5), TYPE, PROPERTY),
  ];
}

function integerCases(named: Named, of: Of): NegativeCase[] {
  const raw = (token: string): string => of('@').replace('"@"', token);
  return [
    ...apart(named('is numeric text'), of('1'), TYPE, TAKEN),
    ...everywhere(named('is other text'), of('one'), TYPE),
    ...everywhere(named('is 1.5'), of(1.5), TYPE),
    ...everywhere(named('is negative'), of(-1), PROPERTY),
    ...everywhere(named('is 2^31'), of(2 ** 31), PROPERTY),
    ...everywhere(named('is 2^53 + 1'), raw('9007199254740993'), PROPERTY),
    ...everywhere(named('is 1e400'), raw('1e400'), PROPERTY),
  ];
}
function timeCases(named: Named, of: Of): NegativeCase[] {
  return [
    ...['yesterday', '', '2018-02-30T08:05:00Z', '222222017-01-01T00:00:00Z', '1999-12-31T23:59:59Z'].flatMap((value) =>
      apart(named(`is ${JSON.stringify(value)}`), of(value), PROPERTY, TAKEN),
    ),
    ...apart(named('has no zone'), of('2018-06-01T08:05:00'), PROPERTY, TAKEN),
    ...apart(named('is a number'), of(1_527_840_300), TYPE, TAKEN),
  ];
}

function payloadCases(message: Message): NegativeCase[] {
  const { action, valid, fields } = message;
  const isFree = fields.length === 0;
  const of = (payload: unknown): string => call(action, payload);
  return [
    ...apart(`${action} with null`, of(null), FORMATION, isFree ? TAKEN : OCCURENCE),
    ...everywhere(`${action} with an array`, of([valid]), FORMATION),
    ...everywhere(`${action} with text`, of('x'), FORMATION),
    ...everywhere(`${action} with a number`, of(5), FORMATION),
    ...everywhere(`${action} with a boolean`, of(false), FORMATION),
    ...(Object.keys(valid).length > 1 ? everywhere(`${action} with {}`, of({}), OCCURENCE) : []),
    ...apart(`${action} with a vendor's field`, of({ ...valid, vendorSpecific: 1 }), FORMATION, TAKEN),
    ...apart(
      `${action} with an own __proto__`,
      of(JSON.parse('{"__proto__":{"admin":true}}')).replace(
        '{"__',
        `${JSON.stringify(valid).slice(0, -1)}${isFree ? '' : ','}"__`,
      ),
      FORMATION,
      TAKEN,
    ),
  ];
}

/** Every field of every such message, wrong in every way that its type allows. */
export const FIELD_CASES: readonly NegativeCase[] = MESSAGES.flatMap((message) => [
  ...payloadCases(message),
  ...message.fields.flatMap((field) => fieldCases(message, field)),
]);
