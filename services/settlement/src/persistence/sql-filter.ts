/** Collects the conditions of one WHERE clause with their values, so that SQL text never holds a value. */
export class SqlFilter {
  private readonly conditions: string[] = [];
  readonly values: unknown[] = [];

  /** `text` names its values `?`, in order. */
  add(text: string, ...values: readonly unknown[]): this {
    let next = 0;
    const numbered = text.replaceAll('?', () => {
      this.values.push(values[next]);
      next += 1;
      return `$${this.values.length}`;
    });
    if (next !== values.length) throw new Error(`${values.length} values for: ${text}`);
    this.conditions.push(`(${numbered})`);
    return this;
  }

  /** Adds the condition only when there is a value. */
  addIf(text: string, value: unknown): this {
    return value === undefined ? this : this.add(text, value);
  }

  /** A copy that may grow on its own: the page's condition does not count for the total. */
  fork(): SqlFilter {
    const fork = new SqlFilter();
    fork.conditions.push(...this.conditions);
    fork.values.push(...this.values);
    return fork;
  }

  get where(): string {
    return this.conditions.length === 0 ? 'true' : this.conditions.join(' and ');
  }
}
