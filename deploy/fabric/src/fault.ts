/** A fault that a person can mend: shown as one clear line that says what to do, without a stack. */
export class FabricFault extends Error {}
