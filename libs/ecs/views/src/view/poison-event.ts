/**
 * A recorded fact that this version cannot fold, because it refers to something that the log never made. It stops the one view that met it; a fact is never skipped.
 */
export class PoisonEvent extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PoisonEvent';
  }
}

/** The value, or a poison event when the log refers to something that it never made. */
export function known<Value>(value: Value | undefined | null, what: string, id: string): Value {
  if (value === undefined || value === null) throw new PoisonEvent(`${what} ${id} is unknown to the view`);
  return value;
}
