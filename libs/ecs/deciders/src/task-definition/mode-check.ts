import type { Rejection, TaskDefinition, TaskDefinitionInput } from '#libs/ecs/messages';
import { clientError } from '../shared/rejections.ts';

const NETWORK_MODES = ['bridge', 'host', 'awsvpc', 'none'];
const NAMESPACE_MODES = {
  pidMode: ['host', 'task'],
  ipcMode: ['host', 'task', 'none'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
const CPU_ARCHITECTURES = ['X86_64', 'ARM64'];

/** How the task's containers share networks and namespaces, and what they run on. */
export function checkModes(input: TaskDefinitionInput): Rejection | null {
  const { networkMode } = input;
  if (networkMode !== undefined && !NETWORK_MODES.includes(networkMode)) {
    return clientError(`Invalid value for networkMode: ${networkMode}.`);
  }
  for (const member of ['pidMode', 'ipcMode'] as const) {
    const { [member]: mode } = input;
    const modes: readonly string[] = NAMESPACE_MODES[member];
    if (mode !== undefined && !modes.includes(mode)) return clientError(`Invalid value for ${member}: ${mode}.`);
  }
  const architecture = input.runtimePlatform?.cpuArchitecture;
  if (architecture !== undefined && !CPU_ARCHITECTURES.includes(architecture)) {
    return clientError('Invalid CPU architecture');
  }
  return checkProxy(input) ?? checkRetired(input);
}

/** The App Mesh proxy stands in the task's own network. */
function checkProxy(input: TaskDefinitionInput): Rejection | null {
  const { proxyConfiguration: proxy } = input;
  if (proxy === undefined) return null;
  if (input.networkMode !== 'awsvpc') {
    return clientError('APPMESH proxy configuration is only supported in networkMode=awsvpc.');
  }
  const { containerName: name } = proxy;
  return input.containerDefinitions.some((container) => container.name === name)
    ? null
    : clientError(`Proxy container [${name}] does not exist.`);
}

/** Members that the model still has and ECS does not take any more. */
function checkRetired(input: TaskDefinitionInput): Rejection | null {
  const { inferenceAccelerators = [] } = input;
  return inferenceAccelerators.length > 0 ? clientError("Unsupported field 'inferenceAccelerators'.") : null;
}

/** Whether the definition is for Windows. */
export function isWindows({ runtimePlatform }: Pick<TaskDefinition, 'runtimePlatform'>): boolean {
  return runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') === true;
}
