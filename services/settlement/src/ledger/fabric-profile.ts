import { readFileSync } from 'node:fs';
import { isAbsolute, join, dirname } from 'node:path';
import { z } from 'zod';

const FILE = z.strictObject({
  channel: z.string().min(1),
  contract: z.string().min(1),
  organisations: z
    .array(
      z.strictObject({
        mspId: z.string().min(1),
        /** Peers whose gateways serve this organisation, the preferred one first; `tlsName` stands in their certificates. */
        gateways: z
          .array(
            z.strictObject({ address: z.string().min(1), tlsRootFile: z.string().min(1), tlsName: z.string().min(1) }),
          )
          .min(1),
        /** One folder per role: `signcerts/cert.pem`, `keystore/key.pem`. */
        identitiesFolder: z.string().min(1),
      }),
    )
    .min(1),
});

/** How this deployment reaches the network, and as whom: written by `npm run fabric -- up`, or by hand. */
export type FabricProfile = Readonly<z.infer<typeof FILE>>;
export type FabricOrganisation = FabricProfile['organisations'][number];

/** Reads a profile; relative paths in it are from its own folder. @throws Error that names the wrong value */
export function readFabricProfile(file: string): FabricProfile {
  const parsed = FILE.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not readable'}`);
  }
  const from = (path: string): string => (isAbsolute(path) ? path : join(dirname(file), path));
  return {
    ...parsed.data,
    organisations: parsed.data.organisations.map((organisation) => ({
      ...organisation,
      identitiesFolder: from(organisation.identitiesFolder),
      gateways: organisation.gateways.map((gateway) => ({ ...gateway, tlsRootFile: from(gateway.tlsRootFile) })),
    })),
  };
}
