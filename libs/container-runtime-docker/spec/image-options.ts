import type { Clock, NoteLevel } from '#libs/kernel';
import { PULL_LIMITS_DEFAULT } from '../src/images/image-options.ts';
import type { ImageOptions } from '../src/images/image-options.ts';

/** The time of this process. Nothing happens by itself: a spec asks for a clean-up. */
const clock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  after: () => () => undefined,
  soon: (act) => void setImmediate(act),
};

/** What was noted for the operator. */
export interface Noted {
  readonly level: NoteLevel;
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Options of an image store whose ledger is kept in memory. */
export function testImageOptions(options: Partial<ImageOptions> = {}, noted: Noted[] = []): ImageOptions {
  let ledger: string | null = null;
  return {
    behavior: 'default',
    limits: PULL_LIMITS_DEFAULT,
    clock,
    notes: { note: (level, facts, text) => void noted.push({ level, facts, text }) },
    ledger: {
      read: () => Promise.resolve(ledger),
      write: (text) => {
        ledger = text;
        return Promise.resolve();
      },
    },
    ...options,
  };
}
