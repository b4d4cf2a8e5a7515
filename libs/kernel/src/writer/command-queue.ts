import type { CommandEnvelope, CommandSource, DomainCommand } from '../decider.ts';
import type { CommandAnswer } from './writer-port.ts';

/** Commands of API callers that may wait for a writer: about a second of its work. More are throttled at once. */
export const CALLER_COMMANDS_QUEUED_MAX = 2_048;
/** Reports of agents that may wait: after an outage every host of a large cluster reports at the same moment. */
export const AGENT_COMMANDS_QUEUED_MAX = 8_192;

/** A command with the caller that waits for its answer. */
export interface Submission<Command extends DomainCommand, Rejection> {
  readonly envelope: CommandEnvelope<Command>;
  readonly reply: (answer: CommandAnswer<Rejection>) => void;
}

type LaneName = 'own' | 'agents' | 'callers';

const LANE_OF: Readonly<Record<CommandSource, LaneName>> = {
  clock: 'own',
  writer: 'own',
  agent: 'agents',
  aws: 'callers',
  nats: 'callers',
};

/** How many may wait. The writer's own commands are few by construction. */
const QUEUED_MAX: Readonly<Record<LaneName, number>> = {
  own: Infinity,
  agents: AGENT_COMMANDS_QUEUED_MAX,
  callers: CALLER_COMMANDS_QUEUED_MAX,
};

/**
 * Commands that wait to be decided, in arrival order per source. Time and the writer itself go first; agents and callers
 * take turns, so that neither can keep the other waiting, and each has a limit of its own.
 */
export class CommandQueue<Command extends DomainCommand, Rejection> {
  readonly #lanes: Readonly<Record<LaneName, Line<Submission<Command, Rejection>>>> = {
    own: new Line(),
    agents: new Line(),
    callers: new Line(),
  };
  #isAgentsTurn = true;

  get length(): number {
    const { own, agents, callers } = this.#lanes;
    return own.length + agents.length + callers.length;
  }

  /** False: too many wait already, and the command was not taken. */
  add(submission: Submission<Command, Rejection>): boolean {
    const name = LANE_OF[submission.envelope.source];
    const lane = this.#lanes[name];
    if (lane.length >= QUEUED_MAX[name]) return false;
    lane.push(submission);
    return true;
  }

  /** Takes out the command whose turn it is. */
  take(): Submission<Command, Rejection> | undefined {
    const { own, agents, callers } = this.#lanes;
    if (own.length > 0) return own.shift();
    const isAgents = callers.length === 0 || (this.#isAgentsTurn && agents.length > 0);
    this.#isAgentsTurn = !isAgents;
    return (isAgents ? agents : callers).shift();
  }
}

/** First in, first out, without moving the whole array for each item that leaves. */
class Line<Item> {
  readonly #items: (Item | undefined)[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#first];
    this.#items[this.#first] = undefined;
    this.#first += 1;
    if (this.#first * 2 >= this.#items.length) {
      this.#items.splice(0, this.#first);
      this.#first = 0;
    }
    return item;
  }
}
