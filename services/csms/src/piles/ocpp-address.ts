/** Where piles connect; shown with a new password. */
export class OcppAddress {
  constructor(private readonly baseUrl: string) {}

  /** `ws://HOST:9000/ocpp/{id}`; ids are URL-safe by their pattern. */
  urlOf(chargePointId: string): string {
    return `${this.baseUrl}/ocpp/${chargePointId}`;
  }
}
