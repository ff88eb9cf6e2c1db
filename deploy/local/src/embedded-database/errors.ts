/** A fault that a person can mend: shown as one clear line, without a stack. */
export class KnownFault extends Error {}
