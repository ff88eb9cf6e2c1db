/** Whether PostgreSQL answers within a short time. */
export abstract class DatabaseProbe {
  abstract answers(): Promise<boolean>;
}
