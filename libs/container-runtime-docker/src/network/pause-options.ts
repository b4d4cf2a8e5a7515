import type { ContainerCreateOptions } from 'dockerode';
import type { PauseSpec } from '#libs/container-runtime';
import { LABELS, labelsOf } from '../labels.ts';
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
  const own = {
    ...(connected === null ? {} : { [LABELS.subnet]: connected.subnetId }),
    ...(spec.network === null ? {} : { [LABELS.securityGroups]: spec.network.securityGroups.join(',') }),
  };
  return {
    name: spec.runtimeName,
    Image: PAUSE_IMAGE,
    Labels: { ...labelsOf(spec, home), ...own },
    HostConfig: {
      RestartPolicy: { Name: 'no' },
      NetworkMode: connected?.network ?? 'none',
      IpcMode: spec.sharesIpc ? 'shareable' : 'private',
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
