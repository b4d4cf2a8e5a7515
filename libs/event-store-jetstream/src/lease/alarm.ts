/** A wait that can be cut short. A ring while nothing waits is kept for the next wait. */
export class Alarm {
  #rang = false;
  #wakeUp: () => void = () => {};

  ring(): void {
    this.#rang = true;
    this.#wakeUp();
  }

  /** Resolves after that time, or at the next ring. */
  async wait(ms: number): Promise<void> {
    if (!this.#rang) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, ms));
        this.#wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#rang = false;
    this.#wakeUp = () => {};
  }
}
