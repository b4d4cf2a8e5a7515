// @ts-check
/** A program in the foreground: our terminal, our signals, its exit code. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';

/**
 * npm passes a Ctrl-C on although the terminal has sent it already. Signals this close together are one; a later one is
 * a person losing patience, and the program should hear it.
 */
const SAME_SIGNAL_MS = 1000;
/** @type {readonly NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end and forwards signals to it, each once.
 *
 * On a terminal the program gets a session of its own: a Ctrl-C then reaches only us, and the program hears of it once
 * and can stop its own children in the order it likes. Without a terminal it stays in our process group, so that whoever
 * started us can end everything at once.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} its exit code; 128 and the signal's number if a signal ended it
 */
export function runInForeground(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit', detached: hasTerminal() });
    let lastSignalMs = -Infinity;
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      const nowMs = performance.now();
      if (nowMs - lastSignalMs < SAME_SIGNAL_MS) return;
      lastSignalMs = nowMs;
      child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    /** @param {() => void} settle */
    const end = (settle) => {
      for (const signal of FORWARDED) process.off(signal, forward);
      settle();
    };
    child.on('error', (error) => end(() => reject(error)));
    child.on('exit', (code, signal) => end(() => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))));
  });
}

/** Whether a terminal controls us: then, and only then, this device opens. */
function hasTerminal() {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
