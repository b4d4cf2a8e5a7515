/*
 * What code without I/O needs of the world. Everything calls back and nothing returns a promise: the order of what happens
 * is then the caller's alone, so that a simulation of the same code is one sequence of steps per seed.
 */

/** Ends what it was returned for; a second call does nothing. */
export type Cancel = () => void;

/** Time. */
export interface Clock {
  /** ms since the epoch; may be set forward or back at any moment. */
  wall(): number;
  /** ms of a clock that only ever advances, at the pace of time. */
  monotonic(): number;
  after(delayMs: number, act: () => void): Cancel;
  /** Once what has arrived so far is worked off: a burst gathers until then. */
  soon(act: () => void): void;
}

/** Identifiers that nobody else has. */
export interface Ids {
  fresh(): string;
}

export type NoteLevel = 'info' | 'warn' | 'error' | 'fatal';

/** Where an operator's lines go. */
export interface Notes {
  note(level: NoteLevel, facts: Readonly<Record<string, unknown>>, text: string): void;
}
