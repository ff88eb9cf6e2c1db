import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash, type Gateway } from '@hyperledger/fabric-gateway';
import type { Caller } from '@tallywatt/contracts';
import { fabricSigner } from './fabric-signer.js';
import type { FabricOrganisation, FabricProfile } from './fabric-profile.js';
import { LedgerError } from './ledger.port.js';

/** Deadlines of ledger.md: a peer or orderer that has not answered by then is asked again, never believed dead. */
export const EVALUATE_MS_MAX = 10_000;
export const ENDORSE_MS_MAX = 10_000;
export const SUBMIT_MS_MAX = 10_000;
/** Peers notice a dead connection by it; theirs allow one a minute. */
const KEEPALIVE_MS = 120_000;

/** What a ledger id may look like; as a folder's name it stays in its place. */
const LEDGER_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** One signed-in connection: a gateway of the caller's organisation, with the caller's certificate. */
export interface SignedGateway {
  readonly gateway: Gateway;
  /** SerializedIdentity parts, to find the signer of stored bytes again. */
  readonly mspId: string;
  readonly certificate: string;
}

/** Connections by organisation, identities by caller; both are opened once and kept. */
export class FabricGateways {
  private readonly clients = new Map<string, Client>();
  private readonly signed = new Map<string, SignedGateway>();

  constructor(private readonly profile: FabricProfile) {}

  /** @throws LedgerError ACCESS_DENIED (stop) when this deployment has no identity for the caller */
  for(caller: Caller): SignedGateway {
    const identity = caller.evId === undefined ? caller.role : join('drivers', caller.evId);
    const name = `${caller.mspId}/${identity}`;
    const known = this.signed.get(name);
    if (known !== undefined) return known;
    const organisation = this.organisation(caller.mspId);
    const folder = join(organisation.identitiesFolder, identity);
    const isName = caller.evId === undefined || LEDGER_ID.test(caller.evId);
    if (!isName || !existsSync(folder)) {
      throw new LedgerError('stop', 'ACCESS_DENIED', `this deployment holds no identity ${name}`);
    }
    const opened = this.open(organisation, folder);
    this.signed.set(name, opened);
    return opened;
  }

  /** Who signed stored bytes: the same identity must submit them. */
  ofCreator(mspId: string, certificate: string): SignedGateway | undefined {
    const known = [...this.signed.values()].find((one) => one.mspId === mspId && one.certificate === certificate);
    if (known !== undefined) return known;
    this.openRolesOf(mspId);
    return [...this.signed.values()].find((one) => one.mspId === mspId && one.certificate === certificate);
  }

  close(): void {
    for (const { gateway } of this.signed.values()) gateway.close();
    for (const client of this.clients.values()) client.close();
    this.signed.clear();
    this.clients.clear();
  }

  private openRolesOf(mspId: string): void {
    for (const role of ['settler', 'treasurer', 'operator', 'supervisor'] as const) {
      try {
        this.for({ mspId, role });
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
      }
    }
  }

  private organisation(mspId: string): FabricOrganisation {
    const found = this.profile.organisations.find((organisation) => organisation.mspId === mspId);
    if (found === undefined) throw new LedgerError('stop', 'ACCESS_DENIED', `this deployment does not serve ${mspId}`);
    return found;
  }

  private open(organisation: FabricOrganisation, folder: string): SignedGateway {
    const { mspId } = organisation;
    const certificate = readFileSync(join(folder, 'signcerts', 'cert.pem'), 'utf8');
    const gateway = connect({
      client: this.clientOf(organisation),
      identity: { mspId, credentials: Buffer.from(certificate, 'utf8') },
      signer: fabricSigner(readFileSync(join(folder, 'keystore', 'key.pem'), 'utf8')),
      hash: hash.none,
      evaluateOptions: () => ({ deadline: Date.now() + EVALUATE_MS_MAX }),
      endorseOptions: () => ({ deadline: Date.now() + ENDORSE_MS_MAX }),
      submitOptions: () => ({ deadline: Date.now() + SUBMIT_MS_MAX }),
    });
    return { gateway, mspId, certificate };
  }

  private clientOf({ mspId, gateways: [first] }: FabricOrganisation): Client {
    const known = this.clients.get(mspId);
    if (known !== undefined) return known;
    if (first === undefined) throw new Error(`${mspId} has no gateway`);
    const tls = credentials.createSsl(readFileSync(first.tlsRootFile));
    const client = new Client(first.address, tls, {
      'grpc.keepalive_time_ms': KEEPALIVE_MS,
      'grpc.ssl_target_name_override': first.tlsName,
    });
    this.clients.set(mspId, client);
    return client;
  }
}
