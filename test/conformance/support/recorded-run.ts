import { setTimeout as pause } from 'node:timers/promises';
import { differences, filledIn, presences, valueAt } from './recorded-compare.ts';
import type { RecordedFile, RecordedStep } from './recorded-file.ts';

const UNTIL_SECONDS_MAX = 30;
const UNTIL_PAUSE_MS = 50;

/** What came back: the parsed body of a 200, or of an error. */
export interface WireResponse {
  readonly status: number;
  readonly body: unknown;
}

export type WireCall = (operation: string, input: object) => Promise<WireResponse>;

/** Plays a file's steps in order and stops at the first that differs. @throws with the step and every difference in it */
export async function playRecorded(topic: string, { steps }: RecordedFile, call: WireCall): Promise<void> {
  const kept = new Map<string, unknown>([['topic', topic]]);
  for (const [index, written] of steps.entries()) {
    const title = `step ${index + 1}, ${written.call}: ${written.name}`;
    try {
      const { keep = {}, ...rest } = written;
      const step = filledIn(rest, kept) as RecordedStep;
      const body = await matchingBody(step, call);
      for (const [name, path] of Object.entries(keep)) kept.set(name, keptValue(path, body));
    } catch (error) {
      throw new Error(`${title}\n${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}

async function matchingBody(step: RecordedStep, call: WireCall): Promise<unknown> {
  const deadline = performance.now() + UNTIL_SECONDS_MAX * 1_000;
  for (;;) {
    const response = await call(step.call, step.input);
    const faults = responseFaults(step, response);
    if (faults.length === 0) return response.body;
    if (step.until === undefined || performance.now() > deadline) throw new Error(faults.join('\n'));
    await pause(UNTIL_PAUSE_MS);
  }
}

/** How a response differs from what the step says. */
export function responseFaults(step: RecordedStep, { status, body }: WireResponse): readonly string[] {
  if (step.error === undefined) {
    if (status !== 200) return [`expected success, got ${status} ${JSON.stringify(body)}`];
    return [...differences(step.output ?? {}, body), ...presences(step.absent ?? [], body)];
  }
  if (status === 200) return [`expected ${JSON.stringify(step.error)}, got success: ${JSON.stringify(body)}`];
  const { type, ...rest } = step.error;
  return differences({ __type: type, ...rest }, body);
}

function keptValue(path: string, body: unknown): unknown {
  const value = valueAt(path, body);
  if (value === undefined) throw new Error(`${path}: nothing to keep in ${JSON.stringify(body)}`);
  return value;
}
