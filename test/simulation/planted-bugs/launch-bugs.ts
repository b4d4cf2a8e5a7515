import { AgentCore } from '#libs/agents/core';
import type { AgentCoreOptions, AgentOutput } from '#libs/agents/core';
import type { AgentRefusal, AssignMessage } from '#libs/agents/protocol';
import type { ClusterEvent, HostLaunchType, WantedPage, WantedTask } from '#libs/ecs/messages';
import { ViewDirectory } from '#libs/ecs/views';
import type { Commit, DomainEvent } from '#libs/kernel';
import { misreading, recording } from './breaking.ts';
import { agent, doing, reading } from './broken-agents.ts';
import type { PlantedBug } from './planted-bug.ts';

const EVERYTHING: readonly HostLaunchType[] = ['EC2', 'EXTERNAL', 'FARGATE'];

/** Bugs in launch types, images of deployments, restart policies, and the ends of agents. */
export const LAUNCH_BUGS: readonly PlantedBug[] = [
  {
    what: 'every host is taken for one that takes everything',
    where: 'placement',
    invariant: 'S27',
    within: 25,
    seed: 1,
    parts: misreading((event) => (isOfHost(event) ? { ...event, launchTypes: EVERYTHING } : event)),
  },
  {
    what: 'a view shows the hosts of the Fargate pool',
    where: 'views',
    invariant: 'S27',
    within: 25,
    seed: 1,
    parts: {
      ViewDirectory: class extends ViewDirectory {
        override apply(commit: Commit<DomainEvent>): ReturnType<ViewDirectory['apply']> {
          const decisions = commit.decisions.map((decision) => ({
            ...decision,
            events: decision.events.map((event) => {
              const read = event as ClusterEvent;
              return isOfHost(read) ? { ...read, launchTypes: EVERYTHING } : event;
            }),
          }));
          return super.apply({ ...commit, decisions });
        }
      },
    },
  },
  {
    what: 'images that a deployment has settled on are looked for anew',
    where: 'agent core, images',
    invariant: 'S28',
    within: 25,
    seed: 1,
    parts: agent(
      class extends AgentCore {
        override assign(message: AssignMessage, now: number): void {
          super.assign({ ...message, tasks: message.tasks.map(withoutDigests) }, now);
        }

        override wantedAnswered(attempt: number, answer: WantedPage | AgentRefusal | null, now: number): void {
          if (answer === null || 'error' in answer) return super.wantedAnswered(attempt, answer, now);
          super.wantedAnswered(attempt, { ...answer, tasks: answer.tasks.map(withoutDigests) }, now);
        }
      },
    ),
  },
  {
    what: 'a deployment settles on images that none of its tasks runs',
    where: 'ReportTaskStates decider',
    invariant: 'S28',
    within: 25,
    seed: 1,
    parts: recording((events) =>
      events.map((event) => {
        if (event.type !== 'DeploymentImagesResolved') return event;
        const names = Object.keys(event.imageDigests);
        return { ...event, imageDigests: Object.fromEntries(names.map((name) => [name, `sha256:${'0'.repeat(64)}`])) };
      }),
    ),
  },
  {
    what: 'the attempt period of a restart policy is taken for a second',
    where: 'agent core, restart policy',
    invariant: 'S29',
    within: 25,
    seed: 1,
    parts: reading(({ restartPolicy, ...container }) => ({
      ...container,
      ...(restartPolicy && { restartPolicy: { ...restartPolicy, restartAttemptPeriod: 1 } }),
    })),
  },
  {
    what: 'no exit code is ignored by a restart policy',
    where: 'agent core, restart policy',
    invariant: 'S29',
    within: 25,
    seed: 6,
    parts: reading(({ restartPolicy, ...container }) => ({
      ...container,
      ...(restartPolicy && { restartPolicy: { ...restartPolicy, ignoredExitCodes: [] } }),
    })),
  },
  {
    what: 'restart policies are overlooked',
    where: 'agent core, restart policy',
    invariant: 'S29',
    within: 25,
    seed: 1,
    parts: reading(({ restartPolicy: _overlooked, ...container }) => container),
  },
  {
    what: 'containers are started again while their task stops',
    where: 'agent core, restart policy',
    invariant: 'S29',
    within: 25,
    seed: 1,
    parts: doing(
      ((): Parameters<typeof doing>[0] => {
        const stopping = new Set<string>();
        return (output) => {
          if (output.call.call === 'signal') stopping.add(output.taskId);
          if (output.call.call !== 'inspect' || !stopping.has(output.taskId)) return output;
          return { ...output, call: { call: 'restart', ref: output.call.ref } };
        };
      })(),
    ),
  },
  {
    what: 'an agent that drains ends at once',
    where: 'agent core, drain',
    invariant: 'S30',
    within: 25,
    seed: 4,
    parts: agent(
      class extends AgentCore {
        #isDue = false;

        override beginDrain(limitMs: number, now: number): void {
          super.beginDrain(limitMs, now);
          this.#isDue = true;
        }

        override drain(): readonly AgentOutput[] {
          const outputs = super.drain();
          if (!this.#isDue) return outputs;
          this.#isDue = false;
          return [...outputs, { kind: 'drained', tasksLeft: 0 }];
        }
      },
    ),
  },
  {
    what: 'an agent that drains waits for four times as long as it may',
    where: 'agent core, drain',
    invariant: 'S30',
    within: 25,
    seed: 3,
    parts: agent(
      class extends AgentCore {
        override beginDrain(limitMs: number, now: number): void {
          super.beginDrain(4 * limitMs, now);
        }
      },
    ),
  },
  {
    what: 'the containers of all ended tasks are kept',
    where: 'agent core, clean-up',
    invariant: 'S31',
    within: 25,
    seed: 1,
    parts: agent(
      class extends AgentCore {
        constructor(options: AgentCoreOptions) {
          super({ ...options, stoppedTasksKeptMax: 1_000 });
        }
      },
    ),
  },
];

type OfHost = Extract<ClusterEvent, { readonly type: 'ContainerInstanceRegistered' | 'ContainerInstanceConnected' }>;

function isOfHost(event: ClusterEvent): event is OfHost {
  return event.type === 'ContainerInstanceRegistered' || event.type === 'ContainerInstanceConnected';
}

function withoutDigests({ imageDigests: _settled, ...task }: WantedTask): WantedTask {
  return task;
}
