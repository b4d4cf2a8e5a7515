// @ts-check
/**
 * Progress lines of the set-up, on stderr, so that a command's own standard output stays its own (`npm run sim` ends in JSON).
 *
 * One line a step. Steps that find everything in place are held back and shown only if a later step has something to do:
 * on a prepared machine the set-up prints nothing at all.
 */

/**
 * @typedef {object} Log
 * @property {(what: string) => void} present A step found everything in place.
 * @property {<T>(what: string, work: () => Promise<T>) => Promise<T>} step Does the work and prints one line with its seconds.
 * @property {(text: string) => void} warn A line that the operator should read although the set-up goes on.
 */

/** An expected refusal: its message is one line for a person, and no stack trace helps. */
export class SetupError extends Error {
  /**
   * @param {string} message one clear line
   * @param {string} [detail] output of the program that failed, printed below the line
   */
  constructor(message, detail = '') {
    super(message);
    this.name = 'SetupError';
    this.detail = detail;
  }
}

/** @param {number} startedMs */
const seconds = (startedMs) => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;

/**
 * @param {{ write(text: string): unknown }} stream
 * @returns {Log}
 */
export function createLog(stream) {
  /** @type {string[]} */
  let heldBack = [];
  const showHeldBack = () => {
    for (const what of heldBack) stream.write(`set-up: ${what}: already there\n`);
    heldBack = [];
  };
  return {
    present: (what) => void heldBack.push(what),
    async step(what, work) {
      showHeldBack();
      stream.write(`set-up: ${what} …`);
      const startedMs = performance.now();
      try {
        const result = await work();
        stream.write(` done, ${seconds(startedMs)}\n`);
        return result;
      } catch (error) {
        stream.write(` FAILED, ${seconds(startedMs)}\n`);
        throw error;
      }
    },
    warn: (text) => void stream.write(`set-up: warning: ${text}\n`),
  };
}
