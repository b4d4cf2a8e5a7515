import { AgentCore, PAUSE_CONTAINER_NAME } from '#libs/agents/core';
import type { AgentOutput, CallResult, ContainerObservation, RuntimeCall } from '#libs/agents/core';
import { SimulatedHost } from '#libs/container-runtime';
import type { TaskReport } from '#libs/ecs/messages';
import { deciding } from './breaking.ts';
import { agent, reporting } from './broken-agents.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Bugs in addresses of tasks, and in the containers that hold what a task shares. */
export const NETWORK_BUGS: readonly PlantedBug[] = [
  {
    what: 'the engine gives every task the same address',
    where: 'addresses of the engine',
    invariant: 'S25',
    within: 25,
    seed: 1,
    parts: {
      SimulatedHost: class extends SimulatedHost {
        override perform(call: RuntimeCall, done: (result: CallResult) => void): void {
          super.perform(call, (result) =>
            done(
              result.kind === 'done' && result.observation !== undefined
                ? { ...result, observation: withSameAddress(result.observation) }
                : result,
            ),
          );
        }

        override observation(runtimeId: string): ContainerObservation | undefined {
          const seen = super.observation(runtimeId);
          return seen && withSameAddress(seen);
        }
      },
    },
  },
  {
    what: 'another address is reported than the one that the task has',
    where: 'agent core, reports',
    invariant: 'S25',
    within: 25,
    seed: 1,
    parts: reporting(({ networkInterface, ...report }) => ({
      ...report,
      ...(networkInterface && { networkInterface: { ...networkInterface, privateIpv4Address: '10.0.0.1' } }),
    })),
  },
  {
    what: 'a task counts as provided with an address that it does not report',
    where: 'agent core, reports',
    invariant: 'S25',
    within: 25,
    seed: 1,
    parts: reporting(({ networkInterface: _lost, ...report }): TaskReport => report),
  },
  {
    what: 'a pause container is killed before the containers that need it',
    where: 'agent core, steps',
    invariant: 'S26',
    within: 25,
    seed: 1,
    parts: agent(
      class extends AgentCore {
        readonly #pauses = new Map<string, string>();

        override drain(): readonly AgentOutput[] {
          return super.drain().map((output) => {
            if (output.kind !== 'step') return output;
            const { call, taskId } = output;
            if (call.call === 'create' && call.spec.kind === 'pause') this.#pauses.set(taskId, call.spec.runtimeName);
            const ref = this.#pauses.get(taskId);
            return call.call === 'signal' && ref !== undefined ? { ...output, call: { call: 'kill', ref } } : output;
          });
        }
      },
    ),
  },
  {
    what: 'a task has ended, and its pause container stays with its address',
    where: 'agent core, steps',
    invariant: 'S26',
    within: 25,
    seed: 1,
    parts: agent(
      class extends AgentCore {
        readonly #pauses = new Set<string>();

        override stepDone(stepId: number, result: CallResult, now: number): void {
          super.stepDone(stepId, result, now);
          for (const { known } of this.tasks()) this.#pauses.add(known.pause?.runtimeId ?? PAUSE_CONTAINER_NAME);
        }

        override drain(): readonly AgentOutput[] {
          return super.drain().flatMap((output): readonly AgentOutput[] => {
            if (output.kind !== 'step' || output.call.call !== 'remove') return [output];
            if (!this.#pauses.has(output.call.ref)) return [output];
            super.stepDone(output.stepId, { kind: 'done' }, 0);
            return [];
          });
        }
      },
    ),
  },
  {
    what: 'the end of a task that has given its address up is accepted and forgotten',
    where: 'ReportTaskStates decider',
    invariant: 'L8',
    within: 25,
    seed: 2,
    parts: deciding((command, { tasks }) => {
      if (command.type !== 'ReportTaskStates') return command;
      const reports = command.reports.filter(
        ({ taskId, knownStatus }) => knownStatus !== 'STOPPED' || tasks.get(taskId)?.lastStatus !== 'DEPROVISIONING',
      );
      return { ...command, reports };
    }),
  },
];

function withSameAddress({ networkInterface, ...seen }: ContainerObservation): ContainerObservation {
  if (networkInterface === undefined) return seen;
  return { ...seen, networkInterface: { ...networkInterface, privateIpv4Address: '10.0.0.2' } };
}
