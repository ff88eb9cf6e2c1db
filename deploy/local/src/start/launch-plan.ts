import { join } from 'node:path';
import { baseEnvironment } from '../config/environment.js';
import type { StartOptions } from './options.js';
import type { ServiceSpec } from './service-process.js';

/** Where the parts of this start meet; decided before the first process. */
export interface Wiring {
  readonly root: string;
  readonly options: StartOptions;
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly pepperHex: string;
  readonly csmsTcpPort: number;
  readonly settlementTcpPort: number;
  readonly notice: (line: string) => void;
  /** How settlement reaches the Fabric network; undefined with the embedded ledger. */
  readonly fabricProfile: string | undefined;
}

function sharedEnvironment(wiring: Wiring): Record<string, string> {
  return {
    ...baseEnvironment(),
    ...(wiring.redisUrl === undefined ? {} : { REDIS_URL: wiring.redisUrl }),
    DATABASE_URL: wiring.databaseUrl,
    CSMS_TCP_HOST: '127.0.0.1',
    CSMS_TCP_PORT: String(wiring.csmsTcpPort),
    SETTLEMENT_TCP_HOST: '127.0.0.1',
    SETTLEMENT_TCP_PORT: String(wiring.settlementTcpPort),
  };
}

/** Environment of csms and of its admin command. */
export function csmsEnvironment(wiring: Wiring): Record<string, string> {
  const { options } = wiring;
  return {
    ...sharedEnvironment(wiring),
    HTTP_HOST: options.host,
    HTTP_PORT: String(options.port),
    OCPP_HOST: options.host,
    OCPP_PORT: String(options.ocppPort),
    PILE_KEY_PEPPER: wiring.pepperHex,
  };
}

function service(wiring: Wiring, name: string, script: string, env: Record<string, string>): ServiceSpec {
  return {
    name,
    script: join(wiring.root, script),
    env,
    logFile: join(wiring.options.dataFolder, `${name}.log`),
    notice: wiring.notice,
  };
}

/** The settlement service. */
export function settlementSpec(wiring: Wiring): ServiceSpec {
  const { fabricProfile } = wiring;
  const ledger =
    fabricProfile === undefined ? { LEDGER: 'embedded' } : { LEDGER: 'fabric', FABRIC_PROFILE: fabricProfile };
  const env = { ...sharedEnvironment(wiring), ...ledger };
  return service(wiring, 'settlement', 'services/settlement/dist/bundle/main.js', env);
}

/** The central system. */
export function csmsSpec(wiring: Wiring): ServiceSpec {
  return service(wiring, 'csms', 'services/csms/dist/bundle/main.js', csmsEnvironment(wiring));
}

/** Compiled admin command of csms. */
export function adminScript(wiring: Wiring): string {
  return join(wiring.root, 'services/csms/dist/admin.js');
}

/** The simulated piles of the demo. */
export function demoSpec(wiring: Wiring): ServiceSpec {
  const spec = service(wiring, 'demo', 'simulators/charge-point/dist/main.js', baseEnvironment());
  return { ...spec, args: ['demo', '--credentials', wiring.options.credentialsFile] };
}
