import { readFileSync } from 'node:fs';
import { z } from 'zod';

const mspId = z.string().regex(/^[A-Z][A-Z0-9]{1,15}$/);
const domain = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
const place = z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), host: z.string().min(1) });

const FILE = z.strictObject({
  channel: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  firstPort: z.int().min(1024).max(60_000),
  endorsingOperators: z.int().min(1),
  supervision: z.strictObject({ mspId, domain, orderers: z.array(place).min(4) }),
  operators: z
    .array(z.strictObject({ mspId, domain, contractHost: z.string().min(1), peers: z.array(place).min(1) }))
    .min(1),
  profiles: z.record(z.string(), z.strictObject({ peersPerOperator: z.int().min(1).optional() })),
});

export interface Orderer {
  readonly name: string;
  readonly host: string;
  /** Clients and the other orderers. */
  readonly port: number;
  /** Channel participation; mutual TLS. */
  readonly adminPort: number;
  readonly operationsPort: number;
}

export interface Peer {
  readonly name: string;
  readonly mspId: string;
  readonly host: string;
  readonly port: number;
  readonly chaincodePort: number;
  readonly operationsPort: number;
}

/** One contract server per operator serves all its peers. */
export interface ContractServer {
  readonly host: string;
  readonly port: number;
}

export interface Organisation {
  readonly mspId: string;
  readonly domain: string;
}
export interface Supervision extends Organisation {
  readonly orderers: readonly Orderer[];
}
export interface Operator extends Organisation {
  readonly peers: readonly Peer[];
  readonly contract: ContractServer;
}

/** The network of one profile, every address decided. */
export interface Topology {
  readonly profile: string;
  readonly channel: string;
  /** So many operators must endorse a transaction. */
  readonly endorsingOperators: number;
  readonly supervision: Supervision;
  readonly operators: readonly Operator[];
}

/** A topology file that cannot be used; the message says what to change. */
export class TopologyFault extends Error {}

/**
 * Reads a topology file for one profile. Ports follow from `firstPort` and the order in the file, so that the same file
 * gives the same addresses. Names are unique over the whole network: they name processes and folders.
 * @throws TopologyFault with the path of the first wrong value
 */
export function readTopology(file: string, profile: string, firstPort?: number): Topology {
  return topologyOf(JSON.parse(readFileSync(file, 'utf8')), profile, firstPort);
}

export function topologyOf(content: unknown, profile: string, firstPort?: number): Topology {
  const parsed = FILE.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new TopologyFault(`topology: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not readable'}`);
  }
  const file = parsed.data;
  const limits = file.profiles[profile];
  if (limits === undefined) {
    throw new TopologyFault(`topology: no profile ${profile}; there are ${Object.keys(file.profiles).join(', ')}`);
  }
  if (file.endorsingOperators > file.operators.length) {
    throw new TopologyFault(
      `topology: ${file.endorsingOperators} of ${file.operators.length} operators cannot endorse`,
    );
  }
  refuseTwins(file);
  return addressed(file, profile, limits.peersPerOperator, portsFrom(firstPort ?? file.firstPort));
}

type TopologyFile = z.infer<typeof FILE>;

function addressed(file: TopologyFile, profile: string, peersMax: number | undefined, next: () => number): Topology {
  const orderers = file.supervision.orderers.map((orderer) => ({
    ...orderer,
    port: next(),
    adminPort: next(),
    operationsPort: next(),
  }));
  const operators = file.operators.map(({ contractHost, peers, ...organisation }) => ({
    ...organisation,
    contract: { host: contractHost, port: next() },
    peers: peers.slice(0, peersMax).map((peer) => ({
      ...peer,
      mspId: organisation.mspId,
      port: next(),
      chaincodePort: next(),
      operationsPort: next(),
    })),
  }));
  const { channel, endorsingOperators } = file;
  return { profile, channel, endorsingOperators, supervision: { ...file.supervision, orderers }, operators };
}

function portsFrom(first: number): () => number {
  let port = first;
  return () => port++;
}

function refuseTwins({ supervision, operators }: TopologyFile): void {
  const nodes = [...supervision.orderers, ...operators.flatMap(({ peers }) => peers)].map(({ name }) => name);
  const organisations = [supervision, ...operators];
  for (const names of [
    nodes,
    organisations.map((organisation) => organisation.mspId),
    organisations.map((organisation) => organisation.domain),
  ]) {
    const twin = names.find((name, index) => names.indexOf(name) !== index);
    if (twin !== undefined) throw new TopologyFault(`topology: ${twin} stands there twice`);
  }
}

/** Every address that a process of ours listens on, with who needs it. */
export function listeners({ supervision, operators }: Topology): { host: string; port: number; owner: string }[] {
  const of = (owner: string, host: string, ...ports: number[]): { host: string; port: number; owner: string }[] =>
    ports.map((port) => ({ host, port, owner }));
  return [
    ...supervision.orderers.flatMap((orderer) =>
      of(orderer.name, orderer.host, orderer.port, orderer.adminPort, orderer.operationsPort),
    ),
    ...operators.flatMap(({ mspId: operator, contract, peers }) => [
      ...of(`contract server of ${operator}`, contract.host, contract.port),
      ...peers.flatMap((peer) => of(peer.name, peer.host, peer.port, peer.chaincodePort, peer.operationsPort)),
    ]),
  ];
}
