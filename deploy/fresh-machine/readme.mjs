// @ts-check
/**
 * Does what the README says, word for word, as a new user with two terminals would: `npm start` in the first one, all other
 * blocks of "Start" and "Stop" in the second one, Ctrl-C, then "Start over". It changes the machine: run it in a bare one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { writeReport } from '../run/report.mjs';
import { findProgram } from '../setup/process.mjs';
import { shellBlocks } from './shell-blocks.mjs';

const READY_URL = 'http://127.0.0.1:8420/readyz';
/** npm's packages, the build and Docker are on their way. */
const READY_TIMEOUT_MS = 20 * 60_000;
const STOP_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 500;
/** What the README's curl shows. */
const EXPECTED = /^waybill demo, version 1, on /m;

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [startCommand = '', ...startBlocks] = shellBlocks(readme, 'Start');
const blocks = [...startBlocks, ...shellBlocks(readme, 'Stop')].filter(canRun);

/** @type {string[]} */
const failures = [];
let passed = 0;
/**
 * @param {string} what
 * @param {boolean} holds
 */
const check = (what, holds) => {
  process.stdout.write(`${holds ? 'ok' : 'FAILED'}  ${what}\n`);
  if (holds) passed++;
  else failures.push(what);
};

// A session of its own, so that all of it hears the Ctrl-C, as in a terminal.
const first = spawn('sh', ['-c', startCommand], { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
const firstEnded = once(first, 'exit');
check('npm start is ready', await isReady());

const second = await runBlocks(blocks);
blocks.forEach((block, index) => check(firstLine(block), index < second.done));
check('the service answers', EXPECTED.test(second.output));

if (first.pid !== undefined && first.exitCode === null) process.kill(-first.pid, 'SIGINT');
const stopped = await Promise.race([firstEnded.then(() => true), delay(STOP_TIMEOUT_MS, false)]);
check('Ctrl-C stops it', stopped && !(await answers()));

const cleanUp = shellBlocks(readme, 'Start over');
const last = await runBlocks(cleanUp);
check('starting over leaves nothing behind', last.done === cleanUp.length);

writeReport({ passed, failed: failures.length });
process.exitCode = failures.length === 0 ? 0 : 1;

/**
 * The `nats` command is in no Debian package, so its block is run only where it is there.
 *
 * @param {string} block
 */
function canRun(block) {
  if (!/^nats /m.test(block) || findProgram('nats', process.env) !== undefined) return true;
  process.stdout.write(`left out, because the nats command is not installed: ${firstLine(block)} …\n`);
  return false;
}

/** @param {string} block */
function firstLine(block) {
  return block.split('\n', 1).join('');
}

async function answers() {
  try {
    return (await fetch(READY_URL)).ok;
  } catch {
    return false;
  }
}

async function isReady() {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadlineMs && first.exitCode === null) {
    if (await answers()) return true;
    await delay(POLL_INTERVAL_MS);
  }
  return false;
}

/**
 * Runs blocks in one shell, up to the first command that fails.
 *
 * @param {readonly string[]} texts
 * @returns {Promise<{ done: number, output: string }>} how many blocks ran to their end
 */
async function runBlocks(texts) {
  const script = ['set -euo pipefail', 'shopt -s expand_aliases', ...texts.flatMap((text) => [text, 'echo >&3'])];
  const shell = spawn('bash', ['-c', script.join('\n')], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
  let output = '';
  let done = 0;
  shell.stdio[1]?.on('data', (text) => {
    output += String(text);
    process.stdout.write(text);
  });
  shell.stdio[3]?.on('data', (lines) => (done += String(lines).length));
  await once(shell, 'close');
  return { done, output };
}
