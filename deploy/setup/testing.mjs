// @ts-check
/** For the specs here: a context that remembers what was said. */

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @param {string} [repositoryRoot]
 */
export function recordingContext(env = {}, repositoryRoot = '/nowhere') {
  const lines = {
    /** @type {string[]} */ present: [],
    /** @type {string[]} */ steps: [],
    /** @type {string[]} */ warnings: [],
  };
  /** @type {import('./progress.mjs').Log} */
  const log = {
    present: (what) => void lines.present.push(what),
    step: (what, work) => {
      lines.steps.push(what);
      return work();
    },
    warn: (text) => void lines.warnings.push(text),
  };
  return { log, lines, env, repositoryRoot, home: '/nowhere/.waybill' };
}
