import type { InputConstraint, InputFault, ServiceRules } from '#libs/kernel';

/* ECS's own words for values that it does not take. Recorded responses where nothing else is said. */

/** A required member that is missing, by operation and member (live reports). */
const MISSING_TEXTS: Readonly<Record<string, string>> = {
  'DescribeContainerInstances.containerInstances': 'Container Instances cannot be empty.',
  'DescribeTasks.tasks': 'Tasks cannot be empty.',
  'RegisterTaskDefinition.containerDefinitions': 'Container list cannot be empty.',
  'RegisterTaskDefinition.family': 'Family can not be blank.',
  'StartTask.containerInstances': 'Container Instances cannot be empty.',
  'UpdateContainerInstancesState.containerInstances': 'Container Instances cannot be empty.',
};

/** Values that are neither all those of the model nor in its order, and members that have a name of their own. */
const ONE_OF: Readonly<Record<string, string>> = {
  launchType: 'launch type should be one of [EC2,FARGATE,EXTERNAL,FMI,MANAGED_INSTANCES]',
  schedulingStrategy: 'Scheduling strategy should be one of [REPLICA,DAEMON]',
  // As other implementations of ECS have it.
  propagateTags: 'propagateTags should be one of [TASK_DEFINITION,SERVICE,NONE]',
};

const FIXED: Readonly<Record<string, string>> = {
  'deploymentConfiguration.deploymentCircuitBreaker.thresholdConfiguration.type':
    'Invalid deployment circuit breaker threshold type.',
  'runtimePlatform.cpuArchitecture': 'Invalid CPU architecture',
  'settings[].name': "Invalid setting 'name'",
};

/** ECS's own text where one is known, else one of the same form. */
function faultText(fault: InputFault): string {
  const { operation, path, constraint } = fault;
  switch (constraint.kind) {
    case 'required':
      return MISSING_TEXTS[`${operation}.${path}`] ?? `${path} can not be null.`;
    case 'enum':
      // Of a list of such values ECS names the list.
      return enumText(fault) ?? `${path.replace(/\[\d+\]$/, '')} should be one of [${constraint.values.join(',')}]`;
    case 'pattern':
      return `${path} contains invalid characters.`;
    case 'one-member':
      return `${path} must have exactly one member.`;
    default:
      return `${path} ${limitText(constraint.kind, constraint.limit)}`;
  }
}

/** As `maximumPercent must be at least 100`; no recorded response has any of the others. */
function limitText(kind: LimitKind, limit: number): string {
  switch (kind) {
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'minLength':
      return `must have at least ${limit} characters.`;
    case 'maxLength':
      return `must have at most ${limit} characters.`;
    case 'minItems':
      return `must have at least ${limit} items.`;
    case 'maxItems':
      return `can have at most ${limit} items.`;
  }
}

type LimitKind = Extract<InputConstraint, { readonly limit: number }>['kind'];

/** A bad enum value where ECS has a text of its own for it. */
function enumText({ operation, path, value = '', input }: InputFault): string | undefined {
  const member = path.replaceAll(/\[\d+\]/g, '[]');
  if (operation === 'UpdateContainerInstancesState')
    return 'Container instance status should be one of [ACTIVE,DRAINING]';
  if (operation === 'DescribeTaskDefinition' && member === 'include[]') {
    return `${value} is not a valid value for include. The value must be one of [[TAGS]]`;
  }
  if (member === 'runtimePlatform.operatingSystemFamily' && requiresFargate(input)) {
    return `Tasks using the Fargate launch type are not supported on operating system family ${value}`;
  }
  return ONE_OF[member] ?? FIXED[member];
}

function requiresFargate(input: unknown): boolean {
  if (typeof input !== 'object' || input === null || !('requiresCompatibilities' in input)) return false;
  const { requiresCompatibilities } = input;
  return Array.isArray(requiresCompatibilities) && requiresCompatibilities.includes('FARGATE');
}

/** ECS answers a faulty task definition with `ClientException` and everything else with `InvalidParameterException`. */
const TASK_DEFINITION_OPERATION = /^(Register|Deregister|Describe|Delete)(Daemon)?TaskDefinitions?$/;

/**
 * What ECS does and its model does not contain. Real tools send an empty string for "not given": Ansible's ecs_service an empty
 * clientToken and field, Terraform modules an empty taskRoleArn, consoles an empty launchType.
 */
export const ecsRules: ServiceRules = {
  emptyMeansAbsent: {
    except: {
      // An environment variable, and a kernel parameter, may be empty.
      KeyValuePair: ['name', 'value'],
      SystemControl: ['value'],
      Tag: ['key', 'value'],
      // ECS refuses an empty value of a setting, and an empty size of a task, instead of using its default.
      ClusterSetting: ['value'],
      RegisterTaskDefinitionRequest: ['cpu', 'memory'],
    },
  },
  unmodelledOutput: {
    CreateClusterResponse: ['clusterCount'],
    DeleteClusterResponse: ['clusterCount'],
    TaskDefinition: ['previousStatus'],
  },
  invalidInputType: (operation) =>
    TASK_DEFINITION_OPERATION.test(operation) ? 'ClientException' : 'InvalidParameterException',
  faultText,
};
