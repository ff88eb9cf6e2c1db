/** The part of fabric-shim's ChaincodeStub that the contract uses; the embedded ledger implements the same. */
export interface ContractStub {
  getTxID(): string;
  getTxTimestamp(): { readonly seconds: { toString(): string }; readonly nanos: number };
  getFunctionAndParameters(): { readonly fcn: string; readonly params: string[] };
  /** Empty when the key does not exist. */
  getState(key: string): Promise<Uint8Array>;
  putState(key: string, value: Uint8Array): Promise<void>;
  deleteState(key: string): Promise<void>;
  /** For queries only: Fabric does not check pages again at commit. */
  getStateByPartialCompositeKeyWithPagination(
    objectType: string,
    attributes: string[],
    pageSize: number,
    bookmark?: string,
  ): Promise<StatePage>;
  setEvent(name: string, payload: Uint8Array): void;
}
export interface StatePage {
  readonly iterator: {
    next(): Promise<{ readonly value: StateEntry; readonly done: boolean }>;
    close(): Promise<void>;
  };
  /** Missing on an empty page: fabric-shim reads a message of nothing but defaults as no message. */
  readonly metadata?: { readonly bookmark: string };
}
export interface StateEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

/** Who signed: the part of fabric-shim's ClientIdentity that the contract uses. */
export interface ContractIdentity {
  getMSPID(): string;
  getAttributeValue(name: string): string | null;
}
