import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { RuntimeProblem } from '#libs/container-runtime';
import { messageOf } from '../../engine/docker-problem.ts';
import { readSecurityGroups } from './groups-file.ts';
import type { SecurityGroupRules } from './groups-file.ts';
import { nft } from './nft.ts';
import { enforcementObstacle } from './obstacles.ts';
import { rulesetOf, tableNameOf } from './ruleset.ts';
import type { GroupMember } from './ruleset.ts';

/** The group of tasks that name none, as in a VPC. */
const DEFAULT_GROUP = 'default';
const FILE_LOOK_INTERVAL_MS = 1_000;

export interface EnforcementOptions {
  readonly instanceId: string;
  readonly file: string;
  /** The interface that tasks are connected to. */
  readonly bridge: string;
  /** The tasks that run now. */
  readonly members: () => Promise<readonly GroupMember[]>;
  readonly warn: (text: string) => void;
}

/** Keeps an agent's rules as the file and the tasks of this host are now. */
export class SecurityGroupEnforcement {
  readonly #options: EnforcementOptions;
  readonly #table: string;
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #isAble = false;

  constructor(options: EnforcementOptions) {
    this.#options = options;
    this.#table = tableNameOf(options.instanceId);
    watchFile(options.file, { interval: FILE_LOOK_INTERVAL_MS, persistent: false }, this.#changed);
  }

  readonly #changed = (): void => this.refreshInBackground();

  /** The file is not looked at any more; the rules stay. */
  async close(): Promise<void> {
    unwatchFile(this.#options.file, this.#changed);
    await Promise.allSettled([this.#next, this.#current]);
  }

  /** @throws RuntimeProblem ContainerNetworkingError where these groups cannot be enforced for a task */
  async admit(securityGroups: readonly string[]): Promise<void> {
    const { file, bridge } = this.#options;
    if (!this.#isAble) {
      const obstacle = await enforcementObstacle();
      if (obstacle !== undefined) throw problem(obstacle);
      // What is lost later is said by the rules that cannot be set then.
      this.#isAble = true;
    }
    if (!(await hasDevice(bridge))) {
      throw problem(`the network ${bridge} is on another machine, or in another network namespace, than this agent`);
    }
    const known = await this.#read();
    const missing = groupsOf(securityGroups).find((id) => !known.has(id));
    if (missing !== undefined) throw problem(`security group ${missing} is not in ${file}`);
  }

  /** Resolves when the rules are as the tasks were at the time of the call, or later. @throws RuntimeProblem */
  async refresh(): Promise<void> {
    // One at a time, and one that waits serves all that have come since.
    this.#next ??= this.#current
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#current = this.#apply();
        return this.#current;
      });
    await this.#next;
  }

  refreshInBackground(): void {
    this.refresh().catch((error: unknown) => this.#options.warn(messageOf(error)));
  }

  async #apply(): Promise<void> {
    const known = await this.#read();
    const members = await this.#options.members();
    try {
      const named = members.map(({ address, securityGroups }) => ({
        address,
        securityGroups: groupsOf(securityGroups),
      }));
      await nft(rulesetOf(this.#table, known, named));
    } catch (error) {
      throw problem(`the rules of security groups cannot be set: ${messageOf(error)}`);
    }
  }

  async #read(): Promise<SecurityGroupRules> {
    try {
      return readSecurityGroups(await readFile(this.#options.file, 'utf8'));
    } catch (error) {
      throw problem(`security groups of ${this.#options.file}: ${messageOf(error)}`);
    }
  }
}

function groupsOf(requested: readonly string[]): readonly string[] {
  return requested.length === 0 ? [DEFAULT_GROUP] : requested;
}

function problem(detail: string): RuntimeProblem {
  return new RuntimeProblem('ContainerNetworkingError', detail, false);
}

/** Of this process' own network namespace, which /sys need not show. */
async function hasDevice(name: string): Promise<boolean> {
  const devices = await readFile('/proc/self/net/dev', 'utf8');
  return devices.split('\n').some((line) => line.trimStart().startsWith(`${name}:`));
}
