import { ShardWriter } from '#libs/kernel';
import type {
  AppendResult,
  CommandAnswer,
  CommandEnvelope,
  Commit,
  DomainCommand,
  DomainEvent,
  Effect,
} from '#libs/kernel';

/* Ways to break the writer of a shard. */

export class LosesWhatIsInDoubt<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
> extends ShardWriter<State, Command, Event, Rejection, Out> {
  override appendDone(result: AppendResult): void {
    super.appendDone(result.kind === 'unknown' ? { kind: 'conflict' } : result);
  }
}

export class BelievesWhatIsInDoubt<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
> extends ShardWriter<State, Command, Event, Rejection, Out> {
  override appendDone(result: AppendResult): void {
    super.appendDone(result.kind === 'unknown' ? { kind: 'appended', streamRevision: 1_000_000 } : result);
  }
}

export class ForgetsCommands<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
> extends ShardWriter<State, Command, Event, Rejection, Out> {
  readonly #loaded = new Set<string>();

  override load(text: string, streamRevision: number): Commit<Event> {
    const commit = super.load(text, streamRevision);
    for (const { commandId } of commit.decisions) this.#loaded.add(commandId);
    return commit;
  }

  override submit(envelope: CommandEnvelope<Command>, reply: (answer: CommandAnswer<Rejection>) => void): void {
    const isOld = this.#loaded.has(envelope.commandId);
    super.submit(isOld ? { ...envelope, commandId: `${envelope.commandId}-again` } : envelope, reply);
  }
}

export class RefusesWhatIsDone<
  State,
  Command extends DomainCommand,
  Event extends DomainEvent,
  Rejection,
  Out extends Effect,
> extends ShardWriter<State, Command, Event, Rejection, Out> {
  override submit(envelope: CommandEnvelope<Command>, reply: (answer: CommandAnswer<Rejection>) => void): void {
    super.submit(envelope, (answer) => {
      const isRefused = answer.kind === 'accepted' && envelope.command.type === 'UpdateService';
      const rejection = { code: 'ClientError', message: 'no' } as Rejection;
      reply(isRefused ? { kind: 'rejected', revision: answer.revision, rejection } : answer);
    });
  }
}
