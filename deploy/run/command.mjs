// @ts-check
/** The one way in which `npm start`, `npm test` and their like work: set up what is missing, then run one program. */
import { join } from 'node:path';
import { createContext } from '../setup/context.mjs';
import { setUp } from '../setup/index.mjs';
import { SetupError } from '../setup/progress.mjs';
import { runInForeground } from './foreground.mjs';

/**
 * @typedef {object} Command
 * @property {readonly import('../setup/index.mjs').Need[]} needs
 * @property {string} script relative to the repository
 * @property {readonly string[]} [args] before those of the command line
 * @property {readonly string[]} [nodeOptions] for the program and for the Node.js processes that it starts
 */

/**
 * Does it and sets our exit code.
 *
 * @param {Command} command
 */
export async function runCommand({ needs, script, args = [], nodeOptions = [] }) {
  await withSetupErrors(async () => {
    const context = createContext();
    const env = await setUp(context, needs);
    if (nodeOptions.length > 0) {
      env['NODE_OPTIONS'] = [env['NODE_OPTIONS'], ...nodeOptions].filter(Boolean).join(' ');
    }
    const path = join(context.repositoryRoot, script);
    const all = [path, ...args, ...process.argv.slice(2)];
    process.exitCode = await runInForeground(process.execPath, all, { cwd: context.repositoryRoot, env });
  });
}

/**
 * An expected refusal is one line for a person and the exit code 1, not a stack trace.
 *
 * @param {() => Promise<void>} work
 */
export async function withSetupErrors(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    if (error.detail !== '') process.stderr.write(`${error.detail}\n`);
    process.stderr.write(`set-up: ${error.message}\n`);
    process.exitCode = 1;
  }
}
