import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { UpReporter } from './up-report.ts';
import { type ChildEnd, type ReadyMessage, SupervisedChild } from './supervised-child.ts';

export interface StackProcessOptions {
  /** For people, e.g. `control plane`. */
  readonly name: string;
  readonly entry: string;
  /** Of Node. */
  readonly nodeArguments: readonly string[];
  readonly logFile: string;
  readonly env: () => NodeJS.ProcessEnv;
  readonly reporter: UpReporter;
  /** A life began, became ready or ended. */
  readonly pidChanged: () => void;
  /** It ended and is not started again: nothing can go on without a person. */
  readonly gaveUp: (problem: CliProblem) => void;
}

/** A supervised process of the stack that reports what happens to it, and whose first start may be awaited. */
export class StackProcess {
  readonly #options: StackProcessOptions;
  readonly #child: SupervisedChild;
  readonly #firstReady: Deferred<ReadyMessage> = deferred();
  #wasReady = false;
  #hasEnded = false;

  constructor(options: StackProcessOptions) {
    this.#options = options;
    const { entry, nodeArguments, logFile, env } = options;
    // Whether or not it is awaited, an end before that is reported.
    this.#firstReady.promise.catch(() => {});
    this.#child = new SupervisedChild({
      entry,
      nodeArguments,
      logFile,
      env,
      listener: {
        spawned: () => options.pidChanged(),
        ready: (message, seconds) => this.#ready(message, seconds),
        ended: (end) => this.#ended(end),
      },
    });
  }

  get pid(): number | null {
    return this.#child.pid;
  }

  start(): Promise<void> {
    return this.#child.start();
  }

  /** The first life's ready message. @throws CliProblem if that life ends before, or the signal's reason */
  async firstReady(signal: AbortSignal): Promise<ReadyMessage> {
    const aborted: Deferred<never> = deferred();
    const abort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await Promise.race([this.#firstReady.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  stop(graceMs: number): Promise<void> {
    return this.#child.stop(graceMs);
  }

  kill(): void {
    this.#child.kill();
  }

  #ready(message: ReadyMessage, seconds: number): void {
    this.#firstReady.resolve(message);
    if (this.#hasEnded) this.#options.reporter.report({ type: 'back', process: this.#options.name, seconds });
    this.#wasReady = true;
    this.#options.pidChanged();
  }

  #ended({ how, exitCode, lastLines, restartInMs }: ChildEnd): void {
    const { name, logFile, reporter, pidChanged, gaveUp } = this.#options;
    this.#hasEnded = true;
    if (restartInMs === null) {
      const problem = new CliProblem(
        `the ${name} cannot go on (${how}) and is not started again; its log is ${logFile}`,
        EXIT.no,
        lastLines,
      );
      this.#firstReady.reject(problem);
      gaveUp(problem);
    } else if (this.#wasReady) {
      // A killed process wrote no last line.
      const lastLine = exitCode === null ? null : (lastLines.at(-1) ?? null);
      reporter.report({ type: 'ended', process: name, how, lastLine, restartInSeconds: restartInMs / 1000 });
    } else {
      const what = `the ${name} ended while starting (${how}); its log is ${logFile}`;
      this.#firstReady.reject(new CliProblem(what, EXIT.no, lastLines));
    }
    pidChanged();
  }
}
