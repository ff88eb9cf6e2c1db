import { readFileSync } from 'node:fs';
import { type CredentialsFile, type Role, credentialsFile } from '@tallywatt/contracts';

/** Where `npm start` writes them unless told otherwise. */
export const CREDENTIALS_FILE_DEFAULT = '.data/credentials.json';

/** Throws one clear line when the file is missing or is something else. */
export function readCredentials(path: string): CredentialsFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(
      `no credentials at ${path}: start the product first (npm start), or name its file with --credentials`,
    );
  }
  const parsed = credentialsFile.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${path} is not a credentials file: ${parsed.error.issues[0]?.message ?? ''}`);
  return parsed.data;
}

export function tokenOf(credentials: CredentialsFile, role: Role, organisation: string): string {
  const user = credentials.users.find(
    (candidate) => candidate.role === role && candidate.organisation === organisation,
  );
  if (user === undefined) throw new Error(`the credentials file holds no ${role} of ${organisation}`);
  return user.token;
}

/** Organisations that run piles: those with an operator token, in a fixed order. */
export function operatorsOf(credentials: CredentialsFile): string[] {
  return credentials.users.filter((user) => user.role === 'operator').map((user) => user.organisation);
}
