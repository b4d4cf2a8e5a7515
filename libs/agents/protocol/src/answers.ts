import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import type {
  ContainerOverride,
  DefinitionsAnswer,
  Tag,
  TaskDefinition,
  TaskStatus,
  WantedNetwork,
  WantedPage,
  WantedTask,
  WantedVolume,
} from '#libs/ecs/messages';
import { atLeast, either, integer, list, nullable, number, oneOf, optional, record, text, trusted } from './schema.ts';
import type { MembersOf, Schema, TypeOf } from './schema.ts';

/*
 * Control plane → agent. Open: a newer control plane may say more. NATS permissions let no other user publish on these
 * subjects, so lengths are not limited once more.
 */

const anyText = text(Number.MAX_SAFE_INTEGER);
const anyList = <Value>(schema: Schema<Value>): Schema<readonly Value[]> => list(schema, Number.MAX_SAFE_INTEGER);
const term = integer(0);
const version = integer(0);

export const agentRefusal = atLeast({ error: atLeast({ code: anyText, message: anyText }) });
/** This agent may not serve now. `InstanceInactive`: deregistered, so it stops everything. */
export type AgentRefusal = TypeOf<typeof agentRefusal>;

export const sessionAnswer = either(
  atLeast({ containerInstanceArn: anyText, term, heartbeatIntervalSeconds: number(0) }),
  agentRefusal,
);
/** Accepted; changes of the wanted set follow as differences from the version that the agent has read. */
export type SessionAnswer = Exclude<TypeOf<typeof sessionAnswer>, AgentRefusal>;

const wantedTask = atLeast({
  taskId: anyText,
  taskArn: anyText,
  desiredStatus: oneOf('RUNNING', 'STOPPED'),
  lastStatus: oneOf(...(Object.keys(TASK_STATUS_RANK) as TaskStatus[])),
  taskDefinitionArn: anyText,
  group: anyText,
  containerOverrides: anyList(trusted<ContainerOverride>()),
  cpu: optional(anyText),
  memory: optional(anyText),
  launchType: optional(anyText),
  network: optional(trusted<WantedNetwork>()),
  volumeConfigurations: optional(anyList(trusted<WantedVolume>())),
  imageDigests: optional(record(anyText)),
  ephemeralStorageGiB: optional(number(0)),
  tags: optional(anyList(trusted<Tag>())),
} satisfies MembersOf<WantedTask>);

export const wantedAnswer = either(
  atLeast({ version, tasks: anyList(wantedTask), next: nullable(anyText) } satisfies MembersOf<WantedPage>),
  agentRefusal,
);

export const definitionsAnswer = either(
  atLeast({
    term,
    taskDefinitions: record(trusted<TaskDefinition>()),
    unknown: anyList(anyText),
  } satisfies MembersOf<DefinitionsAnswer>),
  agentRefusal,
);

export const reportAnswer = either(
  atLeast({
    accepted: oneOf(true),
    /**
     * The writer's. One that has been replaced and does not know it yet finds nothing new in a report about tasks that it
     * has never heard of: such an answer says nothing, and the agent, which has heard of a newer term, reports again.
     */
    term,
  }),
  agentRefusal,
);
export type ReportAnswer = Exclude<TypeOf<typeof reportAnswer>, AgentRefusal>;

/** Durable: nothing is placed here any more. The wanted set that is read from now on has all that was placed before. */
export const drainAnswer = either(atLeast({ accepted: oneOf(true), term }), agentRefusal);
export type DrainAnswer = Exclude<TypeOf<typeof drainAnswer>, AgentRefusal>;

const assignMessage = atLeast({
  term,
  /** The session that it is for: an earlier process of the same instance hears it too, and must not act on it. */
  sessionId: anyText,
  fromVersion: version,
  toVersion: version,
  tasks: anyList(wantedTask),
});
/** The difference from one version to a later one. On a gap the agent opens its session again. */
export type AssignMessage = TypeOf<typeof assignMessage>;

const fencedMessage = atLeast({ term, sessionId: anyText, fenced: oneOf(true) });
/** Another session of the instance lives: the agent of this one touches nothing until it has its session back. */
export type FencedMessage = TypeOf<typeof fencedMessage>;

/** What is sent to an agent without being asked for. */
export const agentDirective = either(assignMessage, fencedMessage);
export type AgentDirective = TypeOf<typeof agentDirective>;
