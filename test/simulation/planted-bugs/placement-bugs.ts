import type { ClusterEvent, TaskTemplate } from '#libs/ecs/messages';
import type { PlacementEngine, PlacementRequest } from '#libs/ecs/placement';
import type { BrokenParts } from '../parts.ts';
import { decider, misreading } from './breaking.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Bugs in what the scheduler believes, and in the placement engine. */
export const PLACEMENT_BUGS: readonly PlantedBug[] = [
  {
    what: 'every host is taken for four times as large',
    where: 'placement',
    invariant: 'S7',
    within: 25,
    seed: 3,
    parts: misreading((event) => {
      if (event.type !== 'ContainerInstanceRegistered') return event;
      const { cpu, memory } = event.resources;
      return { ...event, resources: { ...event.resources, cpu: 4 * cpu, memory: 4 * memory } };
    }),
  },
  {
    what: 'fixed host ports are taken for dynamic ones',
    where: 'placement',
    invariant: 'S8',
    within: 25,
    seed: 4,
    parts: misreading((event) => {
      if (event.type !== 'TaskDefinitionImported') return event;
      const containerDefinitions = event.taskDefinition.containerDefinitions.map((container) => ({
        ...container,
        portMappings: container.portMappings.map((mapping) => ({ ...mapping, hostPort: 0 })),
      }));
      return { ...event, taskDefinition: { ...event.taskDefinition, containerDefinitions } };
    }),
  },
  {
    what: 'no instance is ever seen draining',
    where: 'placement',
    invariant: 'S14',
    within: 25,
    seed: 1,
    parts: misreading((event) => (event.type === 'ContainerInstanceStatusChanged' ? null : event)),
  },
  {
    what: 'no instance is ever seen disconnected',
    where: 'placement',
    invariant: 'S14',
    within: 25,
    seed: 1,
    parts: misreading((event) => (event.type === 'ContainerInstanceDisconnected' ? null : event)),
  },
  {
    what: 'placement constraints are overlooked',
    where: 'placement',
    invariant: 'S12',
    within: 25,
    seed: 1,
    parts: readingTemplates((template) => ({ ...template, placementConstraints: [] })),
  },
  {
    what: 'distinctInstance is overlooked',
    where: 'placement',
    invariant: 'S12',
    within: 25,
    seed: 10,
    parts: readingTemplates((template) => ({
      ...template,
      placementConstraints: template.placementConstraints.filter(({ type }) => type !== 'distinctInstance'),
    })),
  },
  {
    what: 'attributes that a task definition requires are overlooked',
    where: 'placement',
    invariant: 'S12',
    within: 25,
    seed: 2,
    parts: misreading((event) =>
      event.type === 'TaskDefinitionImported'
        ? { ...event, taskDefinition: { ...event.taskDefinition, requiresAttributes: [] } }
        : event,
    ),
  },
  {
    what: 'attributes that are put later are not seen',
    where: 'placement',
    invariant: 'S12',
    within: 25,
    seed: 2,
    parts: misreading((event) => (event.type === 'AttributesPut' ? null : event)),
  },
  {
    what: 'tasks are spread where they should be packed',
    where: 'placement engine',
    invariant: 'S12',
    within: 25,
    seed: 1,
    parts: asking((request) => ({ ...request, strategy: request.strategy.filter(({ type }) => type !== 'binpack') })),
  },
  {
    what: 'tasks are spread over instances before zones',
    where: 'placement engine',
    invariant: 'S12',
    within: 25,
    seed: 1,
    parts: asking((request) => ({ ...request, strategy: request.strategy.toReversed() })),
  },
  {
    what: 'what stopped tasks held is given back twice as fast as it is taken',
    where: 'placement engine',
    invariant: 'S7',
    within: 25,
    seed: 2,
    parts: engine((product) => ({
      reserve: (hostId, taskId, demand, group) =>
        product.reserve(hostId, taskId, { ...demand, memory: Math.floor(demand.memory / 2) }, group),
    })),
  },
  {
    what: 'hosts that have come back are still taken for lost',
    where: 'placement engine',
    invariant: 'S12',
    within: 25,
    seed: 1,
    parts: engine((product) => {
      const lost = new Set<string>();
      return {
        setAvailability: (hostId, connected, active) => {
          if (!connected) lost.add(hostId);
          product.setAvailability(hostId, connected && !lost.has(hostId), active);
        },
      };
    }),
  },
];

/** The writer's state has other templates than the log. */
function readingTemplates(change: (template: TaskTemplate) => TaskTemplate): BrokenParts {
  return misreading((event): ClusterEvent =>
    event.type === 'TasksRequested' ? { ...event, template: change(event.template) } : event,
  );
}

function asking(change: (request: PlacementRequest) => PlacementRequest): BrokenParts {
  return engine((product) => ({ place: (request, random) => product.place(change(request), random) }));
}

/** Writers place with an engine that does some things differently. */
function engine(breakIt: (product: PlacementEngine) => Partial<PlacementEngine>): BrokenParts {
  return decider(({ initialState }) => ({
    initialState: (shard) => {
      const state = initialState(shard);
      const product = state.placement;
      const placement: PlacementEngine = {
        addHost: (...args) => product.addHost(...args),
        updateHost: (...args) => product.updateHost(...args),
        removeHost: (...args) => product.removeHost(...args),
        setAvailability: (...args) => product.setAvailability(...args),
        reserve: (...args) => product.reserve(...args),
        release: (...args) => product.release(...args),
        remaining: (...args) => product.remaining(...args),
        place: (...args) => product.place(...args),
        refusalOf: (...args) => product.refusalOf(...args),
        scaleInOrder: (...args) => product.scaleInOrder(...args),
        ...breakIt(product),
      };
      return { ...state, placement };
    },
  }));
}
