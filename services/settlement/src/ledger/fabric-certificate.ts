import { X509Certificate } from '@peculiar/x509';
import { CALLER_ROLES, type Caller } from '@tallywatt/contracts';
import { z } from 'zod';

/** fabric-ca's attribute extension. */
const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';
const ATTRIBUTES = z.object({
  attrs: z.object({ role: z.enum(CALLER_ROLES).optional(), evId: z.string().optional() }),
});
/** A deployment meets a few dozen identities; drivers come and go. */
export const CERTIFICATES_KEPT_MAX = 1_000;

/** Answers by certificate: parsing one costs more than all else of a transaction. */
class Memo<T> {
  private readonly known = new Map<string, T>();

  get(key: string, make: () => T): T {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    if (this.known.size >= CERTIFICATES_KEPT_MAX) this.known.clear();
    const made = make();
    this.known.set(key, made);
    return made;
  }
}

const callers = new Memo<Caller>();
const nodes = new Memo<string>();

/** Who a certificate says it is; one without a known role is an auditor, who may change nothing. */
export function callerOf(mspId: string, pem: string): Caller {
  return callers.get(`${mspId}\n${pem}`, () => {
    const extension = new X509Certificate(pem).getExtension(ATTRIBUTES_OID);
    const text = extension === null ? '{"attrs":{}}' : Buffer.from(extension.value).toString('utf8');
    const { role = 'auditor', evId } = ATTRIBUTES.parse(JSON.parse(text)).attrs;
    return { mspId, role, ...(evId === undefined ? {} : { evId }) };
  });
}

/** `node-1` of `CN=node-1.teld.tallywatt`. */
export function peerNodeOf(pem: string): string {
  return nodes.get(pem, () => {
    const [commonName = ''] = new X509Certificate(pem).subjectName.getField('CN');
    return commonName.split('.')[0] ?? '';
  });
}
