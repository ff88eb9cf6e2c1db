import { CHARGE_POINT_ID_PATTERN } from '@tallywatt/contracts';
import { URL_LENGTH_MAX } from './limits.js';

export type UpgradeUrl = { readonly chargePointId: string } | { readonly status: 400 | 404 };

const PATH_PREFIX = '/ocpp/';

/**
 * Identity in the target of an upgrade request: `/ocpp/ID`, or `/ocpp/ID/ID` for brands that append it themselves.
 * Nothing is decoded: an identity needs no escapes, and a malformed `%` can therefore do no harm.
 */
export function parseUpgradeUrl(url: string | undefined): UpgradeUrl {
  if (url === undefined || url.length > URL_LENGTH_MAX) return { status: 400 };
  const path = url.split('?', 1)[0] ?? '';
  if (!path.startsWith(PATH_PREFIX)) return { status: path.startsWith('/') ? 404 : 400 };
  const [chargePointId, again, ...rest] = path.slice(PATH_PREFIX.length).split('/');
  if (chargePointId === undefined || !CHARGE_POINT_ID_PATTERN.test(chargePointId)) return { status: 400 };
  if (rest.length > 0 || (again !== undefined && again !== chargePointId)) return { status: 404 };
  return { chargePointId };
}
