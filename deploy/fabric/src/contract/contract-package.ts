import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runTool } from '../run-tool.js';

/** Recognised by `builder/bin/detect`. */
const PACKAGE_TYPE = 'tallywatt-contract-server';

/** How peers reach a contract server: the address and mutual TLS, PEM. The client key makes a package a secret. */
export interface Connection {
  readonly address: string;
  readonly clientKey: string;
  readonly clientCertificate: string;
  readonly rootCertificate: string;
}

/** A package as peers install it; its id is the hash of its bytes. */
export interface ContractPackage {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** The same input gives the same bytes, so the same id: names sorted, no times, no owners. */
async function archive(files: Readonly<Record<string, string | Uint8Array>>): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'tallywatt-package-'));
  const content = join(folder, 'content');
  try {
    mkdirSync(content);
    for (const [name, value] of Object.entries(files)) writeFileSync(join(content, name), value, { mode: 0o600 });
    const tar = join(folder, 'archive.tar');
    const names = Object.keys(files).sort();
    const reproducible = ['--format=ustar', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=0644'];
    await runTool('tar', ['-C', content, ...reproducible, '-cf', tar, ...names]);
    return gzipSync(readFileSync(tar));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Packs an operator's connection; `label` names the contract and its version for people. */
export async function packContract(label: string, connection: Connection): Promise<ContractPackage> {
  const code = await archive({
    'connection.json': JSON.stringify({
      address: connection.address,
      dial_timeout: '10s',
      tls_required: true,
      client_auth_required: true,
      client_key: connection.clientKey,
      client_cert: connection.clientCertificate,
      root_cert: connection.rootCertificate,
    }),
  });
  const bytes = await archive({
    'metadata.json': JSON.stringify({ type: PACKAGE_TYPE, label }),
    'code.tar.gz': code,
  });
  return { id: `${label}:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}
