import type { Commit, DomainEvent } from '#libs/kernel';
import { ViewDirectory } from '#libs/ecs/views';
import {
  ANSWERS_BEFORE_THE_ACK,
  BELIEVES_WHAT_IS_IN_DOUBT,
  CONFIRMS_ANY_TERM,
  EXPECTS_ANYTHING,
  ForgetsCommands,
  LOSES_WHAT_IS_IN_DOUBT,
  NEVER_CONFIRMS,
  RefusesWhatIsDone,
} from './broken-writers.ts';
import type { ClusterAgents } from '../parts.ts';
import type { PlantedBug } from './planted-bug.ts';

const MINUTE_MS = 60_000;

type Heard = ReturnType<ClusterAgents['heard']>;
const ALIVE: Heard = { verdict: 'alive', directive: null };

/** Bugs in the journal, the writers, the agents' endpoint and the views. */
export const CONTROL_PLANE_BUGS: readonly PlantedBug[] = [
  {
    what: 'the journal takes every append, whatever it expects',
    where: 'journal',
    invariant: 'S1',
    within: 25,
    seed: 2,
    parts: { journal: { ignoresExpectations: true } },
  },
  {
    what: 'the journal loses what it has acknowledged',
    where: 'journal',
    invariant: 'S2',
    within: 25,
    seed: 2,
    parts: { journal: { acknowledgedLostAtCrash: 2 } },
  },
  {
    what: 'an append expects whatever is there',
    where: 'writer',
    invariant: 'S1',
    within: 25,
    seed: 2,
    parts: EXPECTS_ANYTHING,
  },
  {
    what: 'the writer answers before the acknowledgement',
    where: 'writer',
    invariant: 'S2',
    within: 25,
    seed: 1,
    parts: ANSWERS_BEFORE_THE_ACK,
  },
  {
    what: 'an append without an answer counts as lost',
    where: 'writer',
    invariant: 'S2',
    within: 25,
    seed: 1,
    parts: LOSES_WHAT_IS_IN_DOUBT,
  },
  {
    what: 'an append without an answer counts as done',
    where: 'writer',
    invariant: 'S2',
    within: 25,
    seed: 3,
    parts: BELIEVES_WHAT_IS_IN_DOUBT,
  },
  {
    what: 'a writer that opens forgets which commands were decided',
    where: 'writer',
    invariant: 'S13',
    within: 25,
    seed: 2,
    parts: { WriterShell: ForgetsCommands },
  },
  {
    what: 'a command that is done is refused',
    where: 'writer',
    invariant: 'S18',
    within: 25,
    seed: 1,
    parts: { WriterShell: RefusesWhatIsDone },
  },
  {
    what: 'a writer whose lease is in doubt answers without asking the log',
    where: 'writer, confirmation',
    invariant: 'S21',
    within: 25,
    seed: 5,
    parts: NEVER_CONFIRMS,
  },
  {
    what: 'a writer whose lease is in doubt takes any term in the log for its own',
    where: 'writer, confirmation',
    invariant: 'S21',
    within: 25,
    seed: 10,
    parts: CONFIRMS_ANY_TERM,
  },
  {
    what: 'silent agents are not noticed',
    where: 'instance monitor',
    invariant: 'L6',
    within: 25,
    seed: 1,
    parts: { agents: (product) => ({ ...product, silenceMs: Infinity }) },
  },
  {
    what: 'silence counts after a second',
    where: 'instance monitor',
    invariant: 'L6',
    within: 25,
    seed: 1,
    parts: { agents: (product) => ({ ...product, silenceMs: 1_000 }) },
  },
  {
    what: 'an agent that has missed a message is not called back',
    where: 'verdict on heartbeats',
    invariant: 'L6',
    within: 100,
    seed: 2,
    parts: hearing((heard) => (heard.verdict === 'behind' ? ALIVE : heard)),
  },
  {
    what: 'an agent that is taken for lost is not called back',
    where: 'verdict on heartbeats',
    invariant: 'L6',
    within: 25,
    seed: 5,
    parts: hearing((heard) => (heard.verdict === 'lost' ? ALIVE : heard)),
  },
  {
    what: 'a view misses requests to stop',
    where: 'views',
    invariant: 'S21',
    within: 25,
    seed: 1,
    parts: seeing((commit) => without(commit, 'TaskStopRequested')),
  },
  {
    what: 'a view does not see that agents are away',
    where: 'views',
    invariant: 'S21',
    within: 25,
    seed: 1,
    parts: seeing((commit) => without(commit, 'ContainerInstanceDisconnected')),
  },
  {
    what: 'a view still counts a task that has ended',
    where: 'views',
    invariant: 'S22',
    within: 25,
    seed: 1,
    parts: {
      ViewDirectory: class extends ViewDirectory {
        override apply(commit: Commit<DomainEvent>): ReturnType<ViewDirectory['apply']> {
          const before = [...this.clusters.values()].flatMap(({ tasks }) =>
            [...tasks.values()].filter(({ lastStatus }) => lastStatus !== 'STOPPED'),
          );
          const outcome = super.apply(commit);
          for (const { lastStatus, instance } of before) {
            if (lastStatus === 'STOPPED' && instance !== null) instance.counts.running += 1;
          }
          return outcome;
        }
      },
    },
  },
  {
    what: 'a view takes a commit twice',
    where: 'views',
    invariant: 'S16',
    within: 25,
    seed: 1,
    parts: seeing((commit) => {
      const isHarmless = commit.decisions.every(({ events }) =>
        events.every(({ type }) => type === 'ContainerInstanceConnected'),
      );
      return isHarmless ? { ...commit, decisions: [...commit.decisions, ...commit.decisions] } : commit;
    }),
  },
  {
    what: 'a view forgets deleted services after a minute',
    where: 'views',
    invariant: 'S20',
    within: 25,
    seed: 1,
    parts: {
      ViewDirectory: class extends ViewDirectory {
        readonly #deletedAt = new Map<string, number>();

        override apply(commit: Commit<DomainEvent>): ReturnType<ViewDirectory['apply']> {
          const outcome = super.apply(commit);
          for (const view of this.clusters.values()) {
            for (const [name, { status }] of view.services) {
              if (status !== 'INACTIVE') this.#deletedAt.delete(name);
              else if (!this.#deletedAt.has(name)) this.#deletedAt.set(name, commit.at);
              if (commit.at > (this.#deletedAt.get(name) ?? Infinity) + MINUTE_MS) view.services.delete(name);
            }
          }
          return outcome;
        }
      },
    },
  },
  {
    what: 'responses about tasks are kept although the tasks have changed',
    where: 'views',
    invariant: 'S21',
    within: 25,
    seed: 1,
    parts: {
      ViewDirectory: class extends ViewDirectory {
        override apply(commit: Commit<DomainEvent>): ReturnType<ViewDirectory['apply']> {
          const kept = [...this.clusters.values()].flatMap((view) =>
            [...view.tasks.values()].map((task) => [task, { ...task.cached }] as const),
          );
          const outcome = super.apply(commit);
          for (const [task, cached] of kept) if (task.lastStatus !== 'STOPPED') Object.assign(task.cached, cached);
          return outcome;
        }
      },
    },
  },
];

/** Heartbeats are taken for something else than they are. */
function hearing(change: (heard: Heard) => Heard): PlantedBug['parts'] {
  return {
    agents: (product) => ({
      ...product,
      heard: (state, host, heartbeat, term) => change(product.heard(state, host, heartbeat, term)),
    }),
  };
}

/** The views are given other commits than the log has. */
function seeing(change: (commit: Commit<DomainEvent>) => Commit<DomainEvent>): PlantedBug['parts'] {
  return {
    ViewDirectory: class extends ViewDirectory {
      override apply(commit: Commit<DomainEvent>): ReturnType<ViewDirectory['apply']> {
        return super.apply(change(commit));
      }
    },
  };
}

function without(commit: Commit<DomainEvent>, type: string): Commit<DomainEvent> {
  const decisions = commit.decisions.map((decision) => ({
    ...decision,
    events: decision.events.filter((event) => event.type !== type),
  }));
  return { ...commit, decisions };
}
