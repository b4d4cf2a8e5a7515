import type { ContainerCreateOptions } from 'dockerode';
import type { PauseSpec } from '#libs/container-runtime';
import { LABELS, labelsOf } from '../container/labels.ts';
import { PAUSE_IMAGE } from './pause-image.ts';

/** Where a pause container is connected; null: nowhere. */
export interface PauseInterface {
  readonly network: string;
  readonly subnetId: string;
  /** Absent: any address of the network. */
  readonly address?: string;
}

/** The container that holds what the containers of a task share, as Docker's API takes it. */
export function pauseOptionsOf(
  spec: PauseSpec,
  connected: PauseInterface | null,
  home: string | undefined,
): ContainerCreateOptions {
  const labels = {
    ...labelsOf(spec, home),
    ...(connected === null ? {} : { [LABELS.subnet]: connected.subnetId }),
    ...(spec.network === null ? {} : { [LABELS.securityGroups]: spec.network.securityGroups.join(',') }),
  };
  return optionsOf(spec.runtimeName, labels, connected, spec.sharesIpc ? 'shareable' : 'private');
}

/** One that waits for a task. The subnet is that of the address, where subnets are configured. */
export function warmOptionsOf(
  name: string,
  { cluster, instanceId, containerName }: Pick<PauseSpec, 'cluster' | 'instanceId' | 'containerName'>,
  connected: Omit<PauseInterface, 'subnetId'> & { readonly subnetId: string | null },
  home: string | undefined,
): ContainerCreateOptions {
  const labels = {
    [LABELS.warm]: 'true',
    [LABELS.cluster]: cluster,
    [LABELS.instanceId]: instanceId,
    [LABELS.containerName]: containerName,
    ...(home === undefined ? {} : { [LABELS.home]: home }),
    ...(connected.subnetId === null ? {} : { [LABELS.subnet]: connected.subnetId }),
  };
  return optionsOf(name, labels, connected, 'private');
}

function optionsOf(
  name: string,
  labels: Readonly<Record<string, string>>,
  connected: Omit<PauseInterface, 'subnetId'> | null,
  ipcMode: 'private' | 'shareable',
): ContainerCreateOptions {
  return {
    name,
    Image: PAUSE_IMAGE,
    Labels: { ...labels },
    HostConfig: {
      RestartPolicy: { Name: 'no' },
      NetworkMode: connected?.network ?? 'none',
      IpcMode: ipcMode,
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
      LogConfig: { Type: 'none', Config: {} },
    },
    ...(connected?.address === undefined
      ? {}
      : {
          NetworkingConfig: {
            EndpointsConfig: { [connected.network]: { IPAMConfig: { IPv4Address: connected.address } } },
          },
        }),
  };
}
