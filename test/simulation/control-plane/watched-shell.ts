import type { Reply, WriterShell } from '#libs/engine';
import type {
  CommandAnswer,
  CommandRequest,
  Committed,
  ContextRejection,
  DomainCommand,
  DomainEvent,
  Effect,
  EncodedCommit,
} from '#libs/kernel';
import type { SimJournal } from '../world/sim-journal.ts';
import type { SimProcess } from '../world/sim-process.ts';

/** A command and the shard that it was sent to. */
export interface SubmittedCommand {
  readonly shard: string;
  readonly request: CommandRequest<DomainCommand>;
}

/** Until when some process may be wrong about its lease, or act on having been. */
export interface LeaseLies {
  until: number;
}

/** How an answer came about. */
export interface AnswerCircumstances {
  readonly writerId: string;
  /** Where the log stood when the command came. */
  readonly revisionAsked: number;
  /** Some process was wrong about its lease since the writer was opened: nothing but the log itself shows who writes. */
  readonly leasesLied: boolean;
}

/** What checks the writers of a control plane from outside. */
export interface WriterObserver {
  /** A writer takes this commit as durable: from here on it is used. */
  committed(committed: Committed<DomainEvent, Effect>): void;
  /** A writer is given a command; it is known by its id, because a term may be tried more than once. */
  submitted(command: SubmittedCommand, writerId: string): void;
  /** Its answer leaves. */
  answered(command: SubmittedCommand, answer: CommandAnswer<ContextRejection>, given: AnswerCircumstances): void;
  /** A writer sends a commit to the journal. */
  appended(writerId: string, hash: string): void;
  defect(what: string): void;
}

export interface WatchOptions {
  readonly process: SimProcess;
  readonly journal: SimJournal;
  readonly observer: WriterObserver;
  readonly leaseLies: LeaseLies;
}

/** The shell that the engine has in the product, or a broken one, with an observer of everything that goes in and out. */
export function watchedShell(Shell: typeof WriterShell, options: WatchOptions): typeof WriterShell {
  const { process, journal, observer, leaseLies } = options;
  const { life } = process;
  let opened = 0;
  return class extends Shell {
    /** Another one for each opening. */
    readonly #writerId = `${process.name}.${life}-${++opened}`;
    readonly #madeAt = process.clock.now();

    override submit(request: CommandRequest<DomainCommand>, reply: Reply): void {
      const command = { shard: this.shard, request };
      const revisionAsked = journal.head(this.shard)?.revision ?? 0;
      let isAnswered = false;
      observer.submitted(command, this.#writerId);
      super.submit(request, (answer) => {
        if (isAnswered) observer.defect(`${request.command.type} ${request.commandId} is answered twice`);
        isAnswered = true;
        const leasesLied = this.#madeAt <= leaseLies.until;
        observer.answered(command, answer, { writerId: this.#writerId, revisionAsked, leasesLied });
        reply(answer);
      });
    }

    override append(commit: EncodedCommit, expected: number | null): void {
      observer.appended(this.#writerId, commit.hash);
      super.append(commit, expected);
    }

    override committed(committed: Committed<DomainEvent, Effect>): void {
      observer.committed(committed);
      process.crashPoint('after the ack, before the views');
      super.committed(committed);
    }
  };
}
