/** OCPP 1.6 section 7.7: answer to ChangeConfiguration. */
export type ConfigurationStatus = 'Accepted' | 'Rejected' | 'RebootRequired' | 'NotSupported';

interface KeyRule {
  readonly initial: string;
  readonly readonly?: true;
  /** A secret can be written and never read. */
  readonly secret?: true;
  readonly rebootRequired?: true;
  readonly accepts: (value: string) => boolean;
}

/** GetConfiguration may ask for this many keys at once. */
export const CONFIGURATION_KEYS_MAX = 50;
/** A day: the longest interval that this pile takes. */
export const INTERVAL_SECONDS_MAX = 86_400;

const isBoolean = (value: string): boolean => /^(true|false)$/i.test(value);
const isCount = (value: string): boolean => /^\d{1,6}$/.test(value) && Number(value) <= INTERVAL_SECONDS_MAX;
const isMeasurands = (value: string): boolean => /^([A-Za-z.]+(,[A-Za-z.]+)*)?$/.test(value);
const never = (): boolean => false;

const number = (initial: string): KeyRule => ({ initial, accepts: isCount });
const flag = (initial: string): KeyRule => ({ initial, accepts: isBoolean });
const measurands = (initial: string): KeyRule => ({ initial, accepts: isMeasurands });
const fixed = (initial: string): KeyRule => ({ initial, readonly: true, accepts: never });

/** Keys of the Core profile (OCPP 1.6 section 9.1), and the security whitepaper's AuthorizationKey. */
function coreKeys(numberOfConnectors: number): ReadonlyMap<string, KeyRule> {
  return new Map<string, KeyRule>([
    ['AllowOfflineTxForUnknownId', flag('false')],
    ['AuthorizationCacheEnabled', flag('true')],
    ['AuthorizationKey', { initial: '', secret: true, accepts: (value) => value.length >= 16 && value.length <= 40 }],
    ['AuthorizeRemoteTxRequests', flag('true')],
    ['ClockAlignedDataInterval', number('0')],
    ['ConnectionTimeOut', number('60')],
    ['ConnectorPhaseRotation', { initial: 'NotApplicable', accepts: (value) => value.length <= 500 }],
    ['GetConfigurationMaxKeys', fixed(String(CONFIGURATION_KEYS_MAX))],
    ['HeartbeatInterval', number('300')],
    ['LocalAuthorizeOffline', flag('true')],
    ['LocalPreAuthorize', flag('false')],
    ['MeterValueSampleInterval', number('60')],
    ['MeterValuesAlignedData', measurands('Energy.Active.Import.Register')],
    ['MeterValuesSampledData', measurands('Energy.Active.Import.Register,Power.Active.Import')],
    ['NumberOfConnectors', fixed(String(numberOfConnectors))],
    ['ResetRetries', number('1')],
    ['StopTransactionOnEVSideDisconnect', flag('true')],
    ['StopTransactionOnInvalidId', flag('true')],
    ['StopTxnAlignedData', measurands('')],
    ['StopTxnSampledData', measurands('')],
    ['SupportedFeatureProfiles', fixed('Core,RemoteTrigger')],
    ['TransactionMessageAttempts', number('3')],
    ['TransactionMessageRetryInterval', number('60')],
    ['UnlockConnectorOnEVSideDisconnect', flag('true')],
    ['WebSocketPingInterval', { ...number('30'), rebootRequired: true }],
  ]);
}

/** A pile's configuration keys; they survive a reboot. */
export class ConfigurationStore {
  private readonly rules: ReadonlyMap<string, KeyRule>;
  private readonly values = new Map<string, string>();

  constructor(numberOfConnectors: number) {
    this.rules = coreKeys(numberOfConnectors);
    for (const [key, rule] of this.rules) this.values.set(key, rule.initial);
  }

  change(key: string, value: string): ConfigurationStatus {
    const rule = this.rules.get(key);
    if (rule === undefined) return 'NotSupported';
    if (rule.readonly === true || !rule.accepts(value)) return 'Rejected';
    this.values.set(key, value);
    return rule.rebootRequired === true ? 'RebootRequired' : 'Accepted';
  }

  /** All keys when none is asked for. */
  read(keys: readonly string[] = []): {
    configurationKey: { key: string; readonly: boolean; value?: string }[];
    unknownKey: string[];
  } {
    const asked = keys.length === 0 ? [...this.rules.keys()] : keys;
    const known = asked.filter((key) => this.rules.has(key));
    return {
      configurationKey: known.map((key) => this.entry(key)),
      unknownKey: asked.filter((key) => !this.rules.has(key)),
    };
  }

  flag(key: string): boolean {
    return this.text(key).toLowerCase() === 'true';
  }

  number(key: string): number {
    return Number(this.text(key));
  }

  text(key: string): string {
    const value = this.values.get(key);
    if (value === undefined) throw new RangeError(`no configuration key ${key}`);
    return value;
  }

  private entry(key: string): { key: string; readonly: boolean; value?: string } {
    const rule = this.rules.get(key);
    const entry = { key, readonly: rule?.readonly === true };
    return rule?.secret === true ? entry : { ...entry, value: this.text(key) };
  }
}
