import { randomBytes } from 'node:crypto';
import Docker from 'dockerode';

/** Made by the set-up of `npm test` from a static busybox; its files are what specs with real containers run on. */
const DEMO_IMAGE = 'waybill/demo:1';

export interface TestImage {
  /** `waybill-test:<hex>`: no other run uses or removes it. */
  readonly name: string;
  remove(): Promise<void>;
}

/** A Docker image with busybox's commands in PATH and no entry point, so that specs with real containers pull nothing. */
export async function busyboxImage(docker = new Docker()): Promise<TestImage> {
  const tag = randomBytes(6).toString('hex');
  // An import keeps the files and drops the demo's own command, environment and port.
  const container = await docker.createContainer({ Image: DEMO_IMAGE });
  try {
    const progress = await docker.importImage(await container.export(), {
      fromSrc: '-',
      repo: 'waybill-test',
      tag,
      changes: ['ENV PATH=/bin'],
    });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    await container.remove();
  }
  const name = `waybill-test:${tag}`;
  return { name, remove: async () => void (await docker.getImage(name).remove({ force: true })) };
}
