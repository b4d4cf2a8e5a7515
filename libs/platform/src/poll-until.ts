const PAUSE_MS_DEFAULT = 20;

/** Asks again and again until there is an answer. @throws Error saying what was awaited, after the time-out */
export async function pollUntil<T>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<T | null | undefined | false>,
  pauseMs: number = PAUSE_MS_DEFAULT,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
