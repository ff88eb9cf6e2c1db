import { z } from 'zod';

const adminEnvironment = z.object({ DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }) });

/** The one setting of the admin command. @throws ZodError that names the fault */
export function readAdminConfig(environment: NodeJS.ProcessEnv = process.env): { readonly databaseUrl: string } {
  return { databaseUrl: adminEnvironment.parse(environment).DATABASE_URL };
}
