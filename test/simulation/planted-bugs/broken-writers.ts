import { WriterShell } from '#libs/engine';
import type { Journal, Reply, ShellListener, ShellPorts } from '#libs/engine';
import type { AnyShardKind, CommandRequest, DomainCommand } from '#libs/kernel';
import type { BrokenParts } from '../parts.ts';
import type { SimJournal } from '../world/sim-journal.ts';
import type { SimProcess } from '../world/sim-process.ts';

/*
 * Ways to break what stands between a writer and the world. What is replaced is a port, or the answer of one: the shell
 * and the writer themselves are the product's.
 */

/** Changes what a process's connection to the journal does. */
export function connection(
  breakIt: (port: Journal, journal: SimJournal, process: SimProcess) => Partial<Journal>,
): BrokenParts {
  return { journalPort: (port, journal, process) => ({ ...delegating(port), ...breakIt(port, journal, process) }) };
}

/** Changes the ports that the shell of each shard works with. */
function ports(breakThem: (given: ShellPorts, termOf: () => number) => Partial<ShellPorts>): BrokenParts {
  return {
    WriterShell: class extends WriterShell {
      constructor(shard: string, kind: AnyShardKind, given: ShellPorts, listener: ShellListener) {
        super(shard, kind, { ...given, ...breakThem(given, () => this.term) }, listener);
      }
    },
  };
}

/** An append is taken for acknowledged as soon as it is sent. */
export const ANSWERS_BEFORE_THE_ACK = connection((port, journal, process) => ({
  append: (commit, expected, done) => {
    const streamRevision = (expected ?? journal.commits.at(-1)?.streamRevision ?? 0) + 1;
    port.append(commit, expected, () => {});
    process.after(0, () => done({ kind: 'appended', streamRevision }));
  },
}));

/** An append expects whatever is there when it is sent. */
export const EXPECTS_ANYTHING = connection((port, journal) => ({
  append: (commit, _expected, done) => port.append(commit, journal.head(commit.shard)?.streamRevision ?? null, done),
}));

export const LOSES_WHAT_IS_IN_DOUBT = connection((port) => ({
  append: (commit, expected, done) =>
    port.append(commit, expected, (outcome) => done(outcome.kind === 'unknown' ? { kind: 'conflict' } : outcome)),
}));

export const BELIEVES_WHAT_IS_IN_DOUBT = connection((port) => ({
  append: (commit, expected, done) =>
    port.append(commit, expected, (outcome) =>
      done(outcome.kind === 'unknown' ? { kind: 'appended', streamRevision: 1_000_000 } : outcome),
    ),
}));

/** The confirmation is left out: the shell believes that its first lease is still held, whatever the engine knows. */
export const NEVER_CONFIRMS = ports(() => ({ lease: { isHeld: true, holding: 1 } }));

/** The confirmation takes place, and takes every term in the log for the writer's own. */
export const CONFIRMS_ANY_TERM = ports(({ journal }, termOf) => ({
  journal: {
    ...delegating(journal),
    head: (shard, done, failed) =>
      journal.head(shard, (head) => done(head === null ? null : { ...head, term: termOf() }), failed),
  },
}));

/** A shell that forgets, when it opens, which commands the log has already. */
export class ForgetsCommands extends WriterShell {
  readonly #recorded: Set<string>;

  constructor(shard: string, kind: AnyShardKind, given: ShellPorts, listener: ShellListener) {
    const recorded = new Set<string>();
    super(shard, kind, given, {
      committed: (committed, isLive) => {
        if (!isLive) for (const { commandId } of committed.commit.decisions) recorded.add(commandId);
        listener.committed(committed, isLive);
      },
      steppedDown: (shell, reason) => listener.steppedDown(shell, reason),
    });
    this.#recorded = recorded;
  }

  override submit(request: CommandRequest<DomainCommand>, reply: Reply): void {
    const isOld = this.#recorded.has(request.commandId);
    super.submit(isOld ? { ...request, commandId: `${request.commandId}-again` } : request, reply);
  }
}

/** A shell that refuses what it has recorded. */
export class RefusesWhatIsDone extends WriterShell {
  override submit(request: CommandRequest<DomainCommand>, reply: Reply): void {
    super.submit(request, (answer) => {
      const isRefused = answer.kind === 'accepted' && request.command.type === 'UpdateService';
      const rejection = { code: 'ClientError', message: 'no' };
      reply(isRefused ? { kind: 'rejected', revision: answer.revision, rejection } : answer);
    });
  }
}

function delegating(port: Journal): Journal {
  return {
    append: (commit, expected, done) => port.append(commit, expected, done),
    head: (shard, done, failed) => port.head(shard, done, failed),
    read: (shard, after, reader) => port.read(shard, after, reader),
    follow: (after, handlers) => port.follow(after, handlers),
    shards: (done, failed) => port.shards(done, failed),
  };
}
