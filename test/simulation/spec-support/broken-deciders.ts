import type { ClusterCommand, ClusterEffect, ClusterEvent, TaskReport } from '#libs/contracts';
import type { ClusterDecider, ClusterState } from '#libs/ecs';
import type { Deciders } from '../parts.ts';

/*
 * Deciders of the cluster that are wrong on purpose. The control planes get them, the auditor keeps the product's: what
 * they record looks right to them and must not to it.
 */

type Breaking = (product: Deciders) => Deciders;

function breaking(breakIt: (decider: ClusterDecider) => Partial<ClusterDecider>): Breaking {
  return ({ account, cluster }) => ({ account, cluster: { ...cluster, ...breakIt(cluster) } });
}

/** Applies another event to the writer's own state than the one that is recorded. */
function misreading(misread: (event: ClusterEvent) => ClusterEvent | null): Breaking {
  return breaking(({ evolve }) => ({
    evolve: (state, event, at) => {
      const read = misread(event);
      if (read !== null) evolve(state, read, at);
    },
  }));
}

function deciding(change: (command: ClusterCommand) => ClusterCommand): Breaking {
  return breaking(({ decide }) => ({ decide: (state, command, context) => decide(state, change(command), context) }));
}

/** Every host is taken for four times as large. */
export const overcommits = misreading((event) => {
  if (event.type !== 'ContainerInstanceRegistered') return event;
  const { cpu, memory } = event.resources;
  return { ...event, resources: { ...event.resources, cpu: 4 * cpu, memory: 4 * memory } };
});

/** Fixed host ports are taken for dynamic ones. */
export const overlooksPorts = misreading((event) => {
  if (event.type !== 'TaskDefinitionImported') return event;
  const containerDefinitions = event.taskDefinition.containerDefinitions.map((container) => ({
    ...container,
    portMappings: container.portMappings.map((mapping) => ({ ...mapping, hostPort: 0 })),
  }));
  return { ...event, taskDefinition: { ...event.taskDefinition, containerDefinitions } };
});

/** Nobody is ever seen draining. */
export const overlooksDraining = misreading((event) =>
  event.type === 'ContainerInstanceStatusChanged' ? null : event,
);

/** Percentages of services are taken for 0 and 400. */
export const overlooksPercentages = misreading((event) => {
  if (event.type !== 'ServiceCreated' && event.type !== 'ServiceUpdated') return event;
  if (event.spec === undefined) return event;
  const deploymentConfiguration = {
    ...event.spec.deploymentConfiguration,
    minimumHealthyPercent: 0,
    maximumPercent: 400,
  };
  return { ...event, spec: { ...event.spec, deploymentConfiguration } } as ClusterEvent;
});

/** The state keeps the moment a little wrong. */
export const remembersWrongly = breaking(({ evolve }) => ({
  evolve: (state, event, at) => evolve(state, event, event.type === 'TasksRequested' ? at + 1 : at),
}));

/** Client tokens are thrown away. */
export const forgetsTokens = deciding((command) => {
  if (!('clientToken' in command)) return command;
  const forgetful = { ...command };
  delete forgetful.clientToken;
  return forgetful;
});

/** Reports of a status about tasks outside services are accepted and forgotten. */
export function ignoresReports(knownStatus: TaskReport['knownStatus']): Breaking {
  return breaking(({ decide }) => ({
    decide: (state, command, context) => {
      if (command.type !== 'ReportTaskStates') return decide(state, command, context);
      const isHeard = (report: TaskReport): boolean =>
        report.knownStatus !== knownStatus || state.tasks.get(report.taskId)?.template.serviceName !== undefined;
      return decide(state, { ...command, reports: command.reports.filter(isHeard) }, context);
    },
  }));
}

/** Nobody looks after services. */
export const neglectsServices = breaking(({ sagas }) => ({
  sagas: sagas.filter(({ name }) => name === 'scheduler'),
}));

/** Each task is given to two hosts. */
export const assignsTwice = breaking(({ effects }) => ({
  effects: (state, event) => effects(state, event).flatMap((effect) => [effect, ...doubled(state, effect)]),
}));

function doubled(state: ClusterState, effect: ClusterEffect): readonly ClusterEffect[] {
  for (const { instanceId, wantedVersion } of state.instances.values()) {
    if (instanceId !== effect.instanceId) return [{ ...effect, instanceId, version: wantedVersion + 1 }];
  }
  return [];
}
