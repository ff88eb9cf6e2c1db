import { StoreUnavailableError } from '../ocpp/handles.decorator.js';
import { StaleChangeError } from './session.repository.js';

/** Two writers of one pile meet once, a third is rare; more means that something is wrong with the store. */
export const STALE_ATTEMPTS_MAX = 5;

/** Reads and decides anew when the sessions moved between reading and storing. */
export async function retryWhenStale<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = STALE_ATTEMPTS_MAX; left > 1; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StaleChangeError)) throw error;
    }
  }
  return attempt().catch((error: unknown) => {
    throw error instanceof StaleChangeError ? new StoreUnavailableError(error.message) : error;
  });
}
