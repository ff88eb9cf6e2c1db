import { z } from 'zod';
import type { ConfigurationStore } from './configuration-store.js';
import type { Connector, ConnectorStatus } from './connector.js';
import type { ReadingContext } from './messages.js';
import { CallRefusedError } from './pile-link.js';

/** What a command may do to the pile that it reaches. */
export interface CommandedPile {
  readonly configuration: ConfigurationStore;
  readonly connectors: ReadonlyMap<number, Connector>;
  boot(): Promise<void>;
  reset(kind: 'Hard' | 'Soft'): Promise<void>;
  runSession(connectorId: number, idTag: string, durationMs: number, preAuthorized: boolean): Promise<unknown>;
  sample(connector: Connector, context: ReadingContext, powerW: number): Promise<void>;
  reportStatus(connector: Connector, status: ConnectorStatus): Promise<void>;
  say(action: string, payload: object): Promise<unknown>;
  later(work: () => Promise<unknown>): void;
  remoteSessionMs(): number;
}

type Command = (pile: CommandedPile, payload: unknown) => object;

const connectorId = z.int().min(0);
const remoteStartRequest = z.object({ idTag: z.string(), connectorId: connectorId.optional() });
const remoteStopRequest = z.object({ transactionId: z.int() });
const resetRequest = z.object({ type: z.enum(['Hard', 'Soft']) });
const unlockRequest = z.object({ connectorId });
const availabilityRequest = z.object({ connectorId, type: z.enum(['Operative', 'Inoperative']) });
const triggerRequest = z.object({ requestedMessage: z.string(), connectorId: connectorId.optional() });

/** Checks the payload, then answers. */
function command<T>(schema: z.ZodType<T>, answer: (pile: CommandedPile, payload: T) => object): Command {
  return (pile, payload) => {
    const parsed = schema.safeParse(payload ?? {});
    if (!parsed.success) throw new CallRefusedError('', 'FormationViolation', parsed.error.issues[0]?.message ?? '');
    return answer(pile, parsed.data);
  };
}

/** Known to OCPP 1.6, and not built into this pile. */
const OTHER_PROFILES = new Set([
  'GetDiagnostics',
  'UpdateFirmware',
  'GetLocalListVersion',
  'SendLocalList',
  'ReserveNow',
  'CancelReservation',

  'SetChargingProfile',
  'ClearChargingProfile',
  'GetCompositeSchedule',
  'ExtendedTriggerMessage',
  'CertificateSigned',
  'DeleteCertificate',
  'GetInstalledCertificateIds',
  'GetLog',
  'InstallCertificate',
  'SignedUpdateFirmware',
]);

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['RemoteStartTransaction', command(remoteStartRequest, remoteStart)],
  ['RemoteStopTransaction', command(remoteStopRequest, remoteStop)],
  ['Reset', command(resetRequest, reset)],
  ['UnlockConnector', command(unlockRequest, unlock)],
  ['ChangeAvailability', command(availabilityRequest, changeAvailability)],
  [
    'GetConfiguration',
    command(z.object({ key: z.array(z.string()).optional() }), (pile, { key }) => getConfiguration(pile, key)),
  ],
  ['ChangeConfiguration', command(z.object({ key: z.string(), value: z.string() }), changeConfiguration)],
  ['ClearCache', command(z.object({}), clearCache)],
  ['DataTransfer', command(z.object({ vendorId: z.string() }), () => ({ status: 'UnknownVendorId' }))],
  ['TriggerMessage', command(triggerRequest, triggerMessage)],
]);

/** The pile's CALLRESULT to a CALL of the central system. Throws `CallRefusedError` for a CALLERROR. */
export async function answerCommand(pile: CommandedPile, action: string, payload: unknown): Promise<object> {
  const known = COMMANDS.get(action);
  if (known !== undefined) return known(pile, payload);
  throw new CallRefusedError(
    action,
    OTHER_PROFILES.has(action) ? 'NotSupported' : 'NotImplemented',
    'not part of this pile',
  );
}

function reset(pile: CommandedPile, { type }: z.output<typeof resetRequest>): object {
  pile.later(() => pile.reset(type));
  return { status: 'Accepted' };
}

function getConfiguration(pile: CommandedPile, keys: readonly string[] | undefined): object {
  const { configurationKey, unknownKey } = pile.configuration.read(keys);
  return unknownKey.length === 0 ? { configurationKey } : { configurationKey, unknownKey };
}

function changeConfiguration(pile: CommandedPile, { key, value }: { key: string; value: string }): object {
  return { status: pile.configuration.change(key, value) };
}

function clearCache(pile: CommandedPile): object {
  return { status: pile.configuration.flag('AuthorizationCacheEnabled') ? 'Accepted' : 'Rejected' };
}

function remoteStart(pile: CommandedPile, { idTag, connectorId: wanted }: z.output<typeof remoteStartRequest>): object {
  const connector = [...pile.connectors.values()].find(
    (each) => each.free && (wanted === undefined || each.connectorId === wanted),
  );
  if (connector === undefined) return { status: 'Rejected' };
  const preAuthorized = !pile.configuration.flag('AuthorizeRemoteTxRequests');
  pile.later(() => pile.runSession(connector.connectorId, idTag, pile.remoteSessionMs(), preAuthorized));
  return { status: 'Accepted' };
}

function remoteStop(pile: CommandedPile, { transactionId }: z.output<typeof remoteStopRequest>): object {
  const session = [...pile.connectors.values()].find((each) => each.session?.transactionId === transactionId)?.session;
  if (session === undefined) return { status: 'Rejected' };
  pile.later(() => Promise.resolve(session.ending.abort('Remote')));
  return { status: 'Accepted' };
}

function unlock(pile: CommandedPile, payload: z.output<typeof unlockRequest>): object {
  const connector = pile.connectors.get(payload.connectorId);
  if (connector === undefined) return { status: 'NotSupported' };
  connector.session?.ending.abort('UnlockCommand');
  return { status: 'Unlocked' };
}

function changeAvailability(
  pile: CommandedPile,
  { connectorId: wanted, type }: z.output<typeof availabilityRequest>,
): object {
  const chosen = [...pile.connectors.values()].filter((each) => wanted === 0 || each.connectorId === wanted);
  if (chosen.length === 0) return { status: 'Rejected' };
  const statuses = chosen.map((connector) => connector.changeAvailability(type === 'Operative'));
  pile.later(async () => {
    for (const connector of chosen.filter((each) => each.session === undefined))
      await pile.reportStatus(connector, connector.idleStatus);
  });
  return { status: statuses.includes('Scheduled') ? 'Scheduled' : 'Accepted' };
}

function triggerMessage(
  pile: CommandedPile,
  { requestedMessage, connectorId: wanted }: z.output<typeof triggerRequest>,
): object {
  const chosen = [...pile.connectors.values()].filter(
    (each) => wanted === undefined || wanted === 0 || each.connectorId === wanted,
  );
  if (chosen.length === 0) return { status: 'Rejected' };
  const send = triggered(pile, requestedMessage, chosen);
  if (send === undefined) return { status: 'NotImplemented' };
  pile.later(send);
  return { status: 'Accepted' };
}

function triggered(
  pile: CommandedPile,
  message: string,
  connectors: readonly Connector[],
): (() => Promise<void>) | undefined {
  switch (message) {
    case 'BootNotification':
      return () => pile.boot();
    case 'Heartbeat':
      return async () => void (await pile.say('Heartbeat', {}));
    case 'StatusNotification':
      return async () => {
        for (const connector of connectors) await pile.reportStatus(connector, connector.status);
      };
    case 'MeterValues':
      return async () => {
        for (const connector of connectors) await pile.sample(connector, 'Trigger', 0);
      };
    default:
      return undefined;
  }
}
