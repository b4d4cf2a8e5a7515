import type {
  AccountCommand,
  AccountEvent,
  RegisterTaskDefinition,
  Rejection,
  TaskDefinition,
  TaskDefinitionInput,
} from '#libs/ecs/messages';
import { idSource } from '#libs/kernel';
import { accountDecider } from '../src/account.decider.ts';
import type { AccountState } from '../src/account-state.ts';

type ContainerInput = TaskDefinitionInput['containerDefinitions'][number];

/** What a decision came to, without the wrapping. */
export type Outcome<Event> =
  { readonly events: readonly Event[]; readonly answer?: unknown } | { readonly rejection: Rejection };

/** An account's shard in memory: commands are decided and their events applied at once. */
export class AccountUnderTest {
  readonly decider = accountDecider();
  readonly state: AccountState = this.decider.initialState('ecs.123456789012');
  readonly events: AccountEvent[] = [];
  #commands = 0;

  submit(command: AccountCommand): Outcome<AccountEvent> {
    this.#commands += 1;
    const commandId = `command-${this.#commands}`;
    const context = {
      at: this.#commands,
      commandId,
      principal: 'arn:aws:iam::123456789012:root',
      ids: idSource(commandId),
    };
    const decision = this.decider.decide(this.state, command, context);
    if (decision.kind === 'rejected') return { rejection: decision.rejection };
    for (const event of decision.events) {
      this.decider.evolve(this.state, event, context.at);
      this.events.push(event);
    }
    const { events, answer } = decision;
    return answer === undefined ? { events } : { events, answer };
  }

  /** Registers and returns the definition. @throws when it is refused */
  register(input: Partial<TaskDefinitionInput> = {}, more: Partial<RegisterTaskDefinition> = {}): TaskDefinition {
    const outcome = this.submit(registerTaskDefinition(input, more));
    const event = 'events' in outcome ? outcome.events[0] : undefined;
    if (event?.type !== 'TaskDefinitionRegistered') throw new Error(JSON.stringify(outcome));
    return event.taskDefinition;
  }

  /** The text of the refusal, or `accepted`. */
  refusal(input: Partial<TaskDefinitionInput>, more: Partial<RegisterTaskDefinition> = {}): string {
    const outcome = this.submit(registerTaskDefinition(input, more));
    return 'rejection' in outcome ? outcome.rejection.message : 'accepted';
  }
}

export function registerTaskDefinition(
  input: Partial<TaskDefinitionInput>,
  more: Partial<RegisterTaskDefinition> = {},
): RegisterTaskDefinition {
  return {
    type: 'RegisterTaskDefinition',
    region: 'us-east-1',
    input: { family: 'web', containerDefinitions: [container()], ...input },
    ...more,
  };
}

export function container(members: ContainerInput = {}): ContainerInput {
  return { name: 'app', image: 'nginx:1.27', memory: 128, ...members };
}
