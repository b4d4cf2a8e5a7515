import { networkInterfaces } from 'node:os';
import { randomInt } from 'node:crypto';
import type Docker from 'dockerode';

/** A range for a network of one spec, which no interface of this machine has. */
export function freeRange(): string {
  const used = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
  for (;;) {
    const start = `10.${randomInt(64, 255)}.${randomInt(0, 256)}.`;
    if (!used.some((address) => address.startsWith(start))) return `${start}0/24`;
  }
}

/** Removes the network that a spec's agents have made, if they have. */
export async function removeNetwork(docker: Docker, name: string): Promise<void> {
  const found = await docker.listNetworks({ filters: { name: [name] } });
  for (const { Id } of found.filter(({ Name }) => Name === name)) await docker.getNetwork(Id).remove();
}

/** What a command in a running container writes. */
export async function outputIn(docker: Docker, containerId: string, ...command: readonly string[]): Promise<string> {
  const exec = await docker.getContainer(containerId).exec({ Cmd: [...command], AttachStdout: true, Tty: true });
  const chunks: Buffer[] = [];
  for await (const chunk of await exec.start({ Tty: true })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString().trim();
}
