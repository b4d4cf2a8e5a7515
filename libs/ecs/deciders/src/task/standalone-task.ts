import type {
  ClusterEvent,
  NetworkConfiguration,
  PlacementConstraint,
  PlacementStrategy,
  RecordedPlacementConstraint,
  RecordedTag,
  Rejection,
  RunTask,
  StartTask,
  TaskDefinition,
  TaskTemplate,
} from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { checkClientToken, checkStartedBy, checkTaskGroup } from '../shared/names.ts';
import { acceptWith } from '../shared/outcome.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { clusterNotFound, invalidParameter, unsupported } from '../shared/rejections.ts';
import { checkServed } from '../shared/served-members.ts';
import {
  recordedConstraint,
  recordedNetworkConfiguration,
  recordedOverrides,
  recordedStrategy,
  recordedTag,
} from '../shared/recorded.ts';
import { checkTags, taskTags } from '../shared/tags.ts';
import { findRepeated, recordedToken } from './client-token.ts';
import { resourcesOf } from './demand.ts';
import { checkFargateOverrides, fargateMembers } from './fargate-platform.ts';
import { importIfNew } from './import-if-new.ts';
import { sharesOf } from './launch.ts';
import type { Launch } from './launch.ts';
import { checkOverrides, normalOverrides } from './task-override.ts';
import { checkVolumeConfigurations, recordedVolumes, volumesOfTask } from './volume-configurations.ts';

type StandaloneCommand = RunTask | StartTask;

/** A network configuration as JSON: 16 subnets and 5 security groups take a tenth of it. It is recorded with the tasks. */
export const NETWORK_CONFIGURATION_CHARACTERS_MAX = 8_192;

/** Where RunTask and StartTask differ. */
export interface StandaloneRequest {
  readonly tokenCharactersMax: number;
  readonly startedByCharactersMax: number;
  readonly count: number;
  /** StartTask: one per task. */
  readonly instanceIds?: readonly string[];
  /** Of a request that passed `checkLaunch`. */
  readonly launch: Launch;
  readonly constraints: readonly PlacementConstraint[];
  readonly strategy: readonly PlacementStrategy[];
  /** Whether tasks can be launched as they are to be. */
  checkLaunch(): Rejection | null;
  /** What only this command checks; looked at last. */
  check(): Rejection | null;
}

/**
 * Requests tasks that belong to no service. A request that comes again with its token is answered with the tasks of the
 * first one, whatever has happened since.
 */
export function requestTasks(
  state: ClusterState,
  command: StandaloneCommand,
  request: StandaloneRequest,
  context: DecisionContext,
): ClusterDecision {
  if (state.status !== 'ACTIVE') return reject(clusterNotFound());
  const { clientToken, requestHash = '' } = command;
  const badToken = checkClientToken(clientToken, request.tokenCharactersMax);
  if (badToken !== null) return reject(badToken);
  const repeated = clientToken === undefined ? null : findRepeated(state, { clientToken, requestHash }, context.at);
  if (repeated !== null) {
    return repeated.kind === 'conflict' ? reject(repeated.rejection) : acceptWith(repeated.answer);
  }
  const refused =
    checkStandalone(command, request.startedByCharactersMax) ??
    request.checkLaunch() ??
    checkPublicAddress(command.networkConfiguration, request.launch.launchType) ??
    request.check() ??
    checkFargateOverrides(
      normalOverrides(command.overrides ?? {}),
      request.launch.launchType,
      command.resolved.taskDefinition,
    );
  if (refused !== null) return reject(refused);

  const template = templateOf(state, command, request);
  const requested = sharesOf(request.launch, request.count).map(({ count, ...provider }): ClusterEvent => ({
    type: 'TasksRequested',
    v: 1,
    taskIds: Array.from({ length: count }, () => context.ids.hex32()),
    template: { ...template, ...provider },
    resources: resourcesOf(command.resolved.taskDefinition, template.overrides),
    ...(request.instanceIds !== undefined && { containerInstanceIds: request.instanceIds }),
    ...(clientToken !== undefined && { clientToken: recordedToken(clientToken, requestHash, context.at) }),
  }));
  return accept(...importIfNew(state, command.resolved.taskDefinition), ...requested);
}

/** Members of RunTask and StartTask that are acted on, and one that ECS keeps to itself. */
const SERVED: ReadonlySet<string> = new Set([
  'type',
  'resolved',
  'count',
  'instanceIds',
  'group',
  'startedBy',
  'launchType',
  'platformVersion',
  'capacityProviderStrategy',
  'overrides',
  'placementConstraints',
  'placementStrategy',
  'tags',
  'propagateTags',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'networkConfiguration',
  'volumeConfigurations',
  'clientToken',
  'requestHash',
  'referenceId',
]);

function checkStandalone(command: StandaloneCommand, startedByCharactersMax: number): Rejection | null {
  const { taskDefinition } = command.resolved;
  return (
    checkServed(command, SERVED, 'The member') ??
    checkExecuteCommand(command.enableExecuteCommand) ??
    checkTaskGroup(command.group) ??
    checkStartedBy(command.startedBy, startedByCharactersMax) ??
    checkTags(command.tags) ??
    checkPropagateTags(command.propagateTags) ??
    checkOverrides(command.overrides, taskDefinition) ??
    checkNetwork(taskDefinition, command.networkConfiguration) ??
    checkVolumes(command)
  );
}

function checkVolumes({ volumeConfigurations = [], resolved }: StandaloneCommand): Rejection | null {
  const refused = checkVolumeConfigurations(volumeConfigurations, resolved.taskDefinition);
  return (
    refused ?? checkPropagateTags(volumeConfigurations[0]?.managedEBSVolume?.tagSpecifications?.[0]?.propagateTags)
  );
}

/** ECS Exec: no session could be opened in such a task. */
export function checkExecuteCommand(enableExecuteCommand: boolean | undefined): Rejection | null {
  return enableExecuteCommand === true ? unsupported('enableExecuteCommand') : null;
}

/** For standalone tasks only the task definition has tags to give. */
function checkPropagateTags(propagateTags: string | undefined): Rejection | null {
  if (propagateTags === undefined || propagateTags === 'TASK_DEFINITION' || propagateTags === 'NONE') return null;
  return invalidParameter(`Invalid propagateTags value for a standalone task: ${propagateTags}.`);
}

/** A network configuration is needed for network mode awsvpc and refused for every other one. */
export function checkNetwork(
  taskDefinition: TaskDefinition,
  networkConfiguration: NetworkConfiguration | undefined,
): Rejection | null {
  if (taskDefinition.networkMode !== 'awsvpc') {
    return networkConfiguration === undefined
      ? null
      : invalidParameter('Network Configuration is not valid for the given networkMode of this task definition.');
  }
  const { awsvpcConfiguration } = networkConfiguration ?? {};
  if (awsvpcConfiguration === undefined) {
    return invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (awsvpcConfiguration.subnets.length === 0) return invalidParameter('subnets can not be empty.');
  if (JSON.stringify(networkConfiguration).length > NETWORK_CONFIGURATION_CHARACTERS_MAX) {
    return invalidParameter(`Network Configuration length must be at most ${NETWORK_CONFIGURATION_CHARACTERS_MAX}.`);
  }
  return null;
}

/** A public address is for Fargate alone, so the launch type is looked at before. */
export function checkPublicAddress(
  networkConfiguration: NetworkConfiguration | undefined,
  launchType: string,
): Rejection | null {
  return networkConfiguration?.awsvpcConfiguration?.assignPublicIp === 'ENABLED' && launchType !== 'FARGATE'
    ? invalidParameter('Assign public IP is not supported for this launch type.')
    : null;
}

function templateOf(state: ClusterState, command: StandaloneCommand, request: StandaloneRequest): TaskTemplate {
  const { taskDefinition } = command.resolved;
  const { startedBy, overrides, enableExecuteCommand, networkConfiguration } = command;
  const { launchType } = request.launch;
  return {
    taskDefinitionArn: taskDefinition.taskDefinitionArn,
    group: command.group ?? `family:${taskDefinition.family}`,
    ...(startedBy === undefined ? {} : { startedBy }),
    launchType,
    ...fargateMembers(launchType, taskDefinition, overrides),
    ...(overrides === undefined ? {} : { overrides: recordedOverrides(normalOverrides(overrides)) }),
    placementConstraints: allConstraints(taskDefinition, request.constraints),
    placementStrategy: request.strategy.map(recordedStrategy),
    tags: tagsOf(state, command),
    ...(enableExecuteCommand === undefined ? {} : { enableExecuteCommand }),
    ...(networkConfiguration !== undefined && {
      networkConfiguration: recordedNetworkConfiguration(networkConfiguration),
    }),
    ...volumesOfTask(recordedVolumes(command.volumeConfigurations), {
      TASK_DEFINITION: command.resolved.tags.map(recordedTag),
    }),
  };
}

function tagsOf(state: ClusterState, command: StandaloneCommand): readonly RecordedTag[] {
  const tags = taskTags({
    requested: command.tags,
    propagated: command.propagateTags === 'TASK_DEFINITION' ? command.resolved.tags : undefined,
    managed: command.enableECSManagedTags,
    clusterName: state.clusterName,
  });
  return tags.map(recordedTag);
}

/** The request's constraints and those of its task definition: all of them bind. */
export function allConstraints(
  taskDefinition: TaskDefinition,
  constraints: readonly PlacementConstraint[],
): readonly RecordedPlacementConstraint[] {
  if (constraints.length === 0) return taskDefinition.placementConstraints;
  return [...constraints.map(recordedConstraint), ...taskDefinition.placementConstraints];
}
