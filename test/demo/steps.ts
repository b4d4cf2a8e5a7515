import { writeFile } from 'node:fs/promises';

/** Runs named steps one after the other, shows progress, and remembers what failed. */
export class Steps {
  readonly #cleanUps: { readonly name: string; readonly act: () => Promise<void> }[] = [];
  #passed = 0;
  #failed = 0;

  /** Runs a step. A failed step ends the run: what follows builds on it. */
  async step<Value>(name: string, act: () => Promise<Value>): Promise<Value> {
    const startedAt = performance.now();
    process.stdout.write(`  … ${name}\r`);
    try {
      const value = await act();
      this.#passed += 1;
      this.#line('✓', name, startedAt);
      return value;
    } catch (error) {
      this.#failed += 1;
      this.#line('✗', name, startedAt);
      throw error;
    }
  }

  /** What must happen at the end, whatever happened before; the last one first. */
  finally(name: string, act: () => Promise<void>): void {
    this.#cleanUps.unshift({ name, act });
  }

  /** Cleans up; a clean-up that fails counts as a failed step. */
  async end(): Promise<void> {
    for (const { name, act } of this.#cleanUps.splice(0)) {
      await this.step(name, act).catch((error: unknown) => console.error(`    ${String(error)}`));
    }
    const report = process.env['WAYBILL_REPORT'];
    const counts = { passed: this.#passed, failed: this.#failed };
    if (report !== undefined) await writeFile(report, JSON.stringify(counts));
    console.log(`\n${this.#passed} passed, ${this.#failed} failed`);
    process.exitCode = this.#failed === 0 ? 0 : 1;
  }

  #line(mark: string, name: string, startedAt: number): void {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    console.log(`  ${mark} ${name} (${seconds} s)`);
  }
}

/** Waits until `ask` gives something, asking every 100 ms; says what it waited for when it does not come. */
export async function eventually<Value>(
  what: string,
  ask: () => Promise<Value | undefined | false>,
  timeoutSeconds = 60,
): Promise<Value> {
  const deadline = Date.now() + timeoutSeconds * 1_000;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await ask();
      if (value !== undefined && value !== false) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what}: not within ${timeoutSeconds} s${last === undefined ? '' : ` (last: ${String(last)})`}`);
}

/** Ends the step with what was expected and what there is. */
export function expect(condition: boolean, what: string, found?: unknown): asserts condition {
  if (!condition) throw new Error(`expected: ${what}${found === undefined ? '' : `; found ${JSON.stringify(found)}`}`);
}
