import type { AgentRefusal } from '#libs/agents/protocol';
import type { ClusterCommand, ClusterEvent, WantedPage } from '#libs/ecs/messages';
import type { ClusterDecider, ClusterState } from '#libs/ecs/deciders';
import type { DecisionContext } from '#libs/kernel';
import type { BrokenParts } from '../parts.ts';

/*
 * Ways to break the cluster's decider. The control planes get the broken one, the auditor keeps the product's: what the
 * broken one records looks right to its writer and must not to the auditor.
 */

export function decider(breakIt: (product: ClusterDecider) => Partial<ClusterDecider>): BrokenParts {
  return { deciders: ({ account, cluster }) => ({ account, cluster: { ...cluster, ...breakIt(cluster) } }) };
}

/** Applies another event to the writer's own state than the one that is recorded; null: none. */
export function misreading(misread: (event: ClusterEvent, state: ClusterState) => ClusterEvent | null): BrokenParts {
  return decider(({ evolve }) => ({
    evolve: (state, event, at) => {
      const read = misread(event, state);
      if (read !== null) evolve(state, read, at);
    },
  }));
}

/** Changes the writer's own state once it has applied an event. */
export function afterwards(change: (state: ClusterState, event: ClusterEvent) => void): BrokenParts {
  return decider(({ evolve }) => ({
    evolve: (state, event, at) => {
      evolve(state, event, at);
      change(state, event);
    },
  }));
}

/** Decides another command than the one that came. */
export function deciding(change: (command: ClusterCommand, state: ClusterState) => ClusterCommand): BrokenParts {
  return decider(({ decide }) => ({
    decide: (state, command, context) => decide(state, change(command, state), context),
  }));
}

/** Leaves events out of decisions, or changes them, before anybody sees them. */
export function recording(
  change: (events: readonly ClusterEvent[], state: ClusterState, command: ClusterCommand) => readonly ClusterEvent[],
): BrokenParts {
  return decider(({ decide }) => ({
    decide: (state, command, context) => {
      const decision = decide(state, command, context);
      return decision.kind === 'rejected' ? decision : { ...decision, events: change(decision.events, state, command) };
    },
  }));
}

/** Lets a saga ask for something else. */
export function reacting(
  saga: string,
  change: (
    commands: readonly ClusterCommand[],
    state: ClusterState,
    context: DecisionContext,
  ) => readonly ClusterCommand[],
): BrokenParts {
  return decider(({ sagas }) => ({
    sagas: sagas.map((one) =>
      one.name === saga
        ? { ...one, react: (state, events, context) => change(one.react(state, events, context), state, context) }
        : one,
    ),
  }));
}

/** Changes what agents are answered that read their wanted set. */
export function answeringWanted(
  change: (page: WantedPage | AgentRefusal, state: ClusterState, instanceId: string) => WantedPage | AgentRefusal,
): BrokenParts {
  return {
    agents: (product) => {
      const requests = new Map(product.requests);
      const wanted = requests.get('wanted');
      if (wanted === undefined) throw new Error('agents do not ask for their wanted set');
      requests.set('wanted', {
        ...wanted,
        plan: (payload, from) => {
          const plan = wanted.plan(payload, from);
          if (plan.kind !== 'read') return plan;
          const read = (state: ClusterState, term: number): object =>
            change(plan.read(state, term) as WantedPage | AgentRefusal, state, from.host);
          return { ...plan, read };
        },
      });
      return { ...product, requests };
    },
  };
}
