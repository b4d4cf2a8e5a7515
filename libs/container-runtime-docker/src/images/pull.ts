import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import { daemonText, problemOf, statusOf } from '../engine/docker-problem.ts';
import { hearJsonLines, readable } from '../engine/json-lines.ts';
import { textMember } from '../engine/untyped-members.ts';
import type { PullLimits } from './image-options.ts';
import { pullFailureCause, withoutSecrets } from './pull-failure.ts';
import type { PullFailureCause } from './pull-failure.ts';
import type { RegistryLogin } from './registry-credentials.ts';

/** A pull that a registry, the way to it or the disk has ended; only these have an image at hand as the way out. */
export class PullProblem extends RuntimeProblem {
  readonly failure: PullFailureCause;

  constructor(failure: PullFailureCause, detail: string, retry = failure !== 'FINAL') {
    super('CannotPullContainerError', detail, retry);
    this.failure = failure;
  }
}

/** What an engine says of a pull that has ended well. */
export interface PullOutcome {
  /** Of the manifest; undefined: the engine did not say. */
  readonly digest: string | undefined;
  /** False: the registry has what the host had already. */
  readonly isNew: boolean;
}

/** When the last progress of any pull of the engine was: layers of one pull wait while those of others are fetched. */
export interface PullActivity {
  lastAt: number;
}

export interface PullRequest {
  /** With a tag or a digest. */
  readonly reference: string;
  readonly login: RegistryLogin | undefined;
  readonly limits: PullLimits;
  /** How long the registry may take to say what the reference is; ms. */
  readonly answerMs: number;
  readonly activity: PullActivity;
  /** Gives the pull up. */
  readonly signal: AbortSignal;
}

/**
 * One attempt to pull an image. It is bounded, and a bound that is reached ends it in the engine, too: nothing goes on
 * behind our back.
 * @throws PullProblem, or RuntimeProblem without an engine
 */
export async function pullImage(docker: Docker, request: PullRequest): Promise<PullOutcome> {
  const { reference, login, limits, answerMs, signal } = request;
  const abort = new AbortController();
  const bound: { problem?: PullProblem } = {};
  const end = (problem: PullProblem): void => {
    bound.problem ??= problem;
    abort.abort();
  };
  const giveUp = (): void => end(new PullProblem('PASSING', 'the agent has given the pull up'));
  signal.addEventListener('abort', giveUp);
  const noAnswer = `no answer from the registry within ${answerMs / 1000}s`;
  const answerTimer = setTimeout(() => end(new PullProblem('UNREACHABLE', noAnswer)), answerMs);
  const tooLong = `image pull has not ended within ${limits.totalMs / 1000}s`;
  const totalTimer = setTimeout(() => end(new PullProblem('PASSING', tooLong, false)), limits.totalMs);
  try {
    if (signal.aborted) giveUp();
    // The login is an argument of its own: among the options it would be part of the URL.
    const stream = await docker.createImage(login, { fromImage: reference, abortSignal: abort.signal });
    clearTimeout(answerTimer);
    const outcome = await follow(readable(stream), request, end);
    if (bound.problem !== undefined) throw bound.problem;
    return outcome;
  } catch (error) {
    throw withoutLogin(bound.problem ?? problemOfPull(error), login);
  } finally {
    clearTimeout(answerTimer);
    clearTimeout(totalTimer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** A pull's progress until it ends. A failure in the middle of it is a line like any other. */
function follow(
  stream: Readable,
  { activity, limits }: PullRequest,
  end: (problem: PullProblem) => void,
): Promise<PullOutcome> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<string>();
    let problem: string | undefined;
    let digest: string | undefined;
    let isNew = false;
    let lastAt = performance.now();
    const expire = (): void => {
      // The engine fetches few layers at once. One that waits for its turn is quiet, while others make progress.
      const quietMs = performance.now() - (waiting.size > 0 ? activity.lastAt : lastAt);
      if (quietMs < limits.inactivityMs) timer = setTimeout(expire, limits.inactivityMs - quietMs);
      else end(new PullProblem('PASSING', `image pull shows no progress for ${limits.inactivityMs / 1000}s`));
    };
    let timer = setTimeout(expire, limits.inactivityMs);
    hearJsonLines(
      stream,
      (line) => {
        lastAt = performance.now();
        activity.lastAt = lastAt;
        const status = textMember(line, 'status') ?? '';
        const layer = textMember(line, 'id');
        if (layer !== undefined && status === 'Waiting') waiting.add(layer);
        else if (layer !== undefined) waiting.delete(layer);
        problem = textMember(line, 'error') ?? problem;
        digest = /^Digest: (sha256:[0-9a-f]+)$/.exec(status)?.[1] ?? digest;
        isNew ||= status.startsWith('Status: Downloaded newer image');
      },
      () => {
        clearTimeout(timer);
        if (problem === undefined) resolve({ digest, isNew });
        else reject(engineProblem(problem));
      },
    );
  });
}

/** No answer at all is a matter of the engine, not of the registry. */
function problemOfPull(error: unknown): RuntimeProblem {
  if (error instanceof RuntimeProblem) return error;
  return statusOf(error) === undefined
    ? problemOf('CannotPullContainerError', error)
    : engineProblem(daemonText(error));
}

function engineProblem(text: string): PullProblem {
  return new PullProblem(pullFailureCause(text), `Error response from daemon: ${text}`);
}

/** A registry may put into its error what it was sent. */
function withoutLogin(problem: RuntimeProblem, login: RegistryLogin | undefined): RuntimeProblem {
  if (login === undefined || !(problem instanceof PullProblem)) return problem;
  const { username, password } = login;
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  return new PullProblem(problem.failure, withoutSecrets(problem.detail, [basic, password]), problem.retry);
}
