import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';

/** What `npm start -- …` may be told; see the README. */
export interface StartOptions {
  readonly sim: boolean;
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly ocppPort: number;
  readonly credentialsFile: string;
  readonly ledger: LedgerMode;
  /** First of the Fabric network's ports; undefined: as the topology file says. */
  readonly fabricPort: number | undefined;
}

export const LEDGER_MODES = ['embedded', 'fabric'] as const;
export type LedgerMode = (typeof LEDGER_MODES)[number];

const DEFAULT_HTTP_PORT = 8080;
const DEFAULT_OCPP_PORT = 9000;

function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value < 1 || value > 65_535) throw new InvalidArgumentError('a port is 1 … 65535.');
  return value;
}

interface Flags {
  readonly sim: boolean;
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly ocppPort: number;
  readonly credentials?: string;
  readonly ledger: LedgerMode;
  readonly fabricPort?: number;
}

/** Parses the flags after `npm start --`; ends the process with a usage line when they are wrong. */
export function parseStartOptions(argv: readonly string[], root: string): StartOptions {
  const command = new Command('npm start --')
    .description('Starts the built-in PostgreSQL, the central system, settlement and the demo.')
    .option('--no-sim', 'no simulated piles; the four operators, their tariffs and parameters still exist')
    .option('--data <dir>', 'data folder', resolve(root, '.data'))
    .option('--host <address>', 'address to listen on; 0.0.0.0 lets chargers of your network in', '127.0.0.1')
    .option('--port <port>', 'HTTP port for people and API', port, DEFAULT_HTTP_PORT)
    .option('--ocpp-port <port>', 'WebSocket port for piles', port, DEFAULT_OCPP_PORT)
    .option(
      '--credentials <file>',
      'where URLs and first-run tokens are written (default: credentials.json in the data folder)',
    )
    .addOption(
      new Option(
        '--ledger <mode>',
        'fabric: a Fabric network of its own beside the rest (Go compiles it the first time)',
      )
        .choices(LEDGER_MODES)
        .default('embedded'),
    )
    .option('--fabric-port <port>', 'first of the ports in a row that the Fabric network takes', port);
  const flags = command.parse([...argv], { from: 'user' }).opts<Flags>();
  // npm runs the script in the package's folder; paths are meant from where the person typed them.
  const from = process.cwd();
  const dataFolder = resolve(from, flags.data);
  return {
    sim: flags.sim,
    dataFolder,
    host: flags.host,
    port: flags.port,
    ocppPort: flags.ocppPort,
    ledger: flags.ledger,
    fabricPort: flags.fabricPort,
    credentialsFile:
      flags.credentials === undefined ? resolve(dataFolder, 'credentials.json') : resolve(from, flags.credentials),
  };
}
