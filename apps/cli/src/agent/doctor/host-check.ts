import type { EngineDisk, EngineFacts } from '#libs/container-runtime-docker';

/** This machine as the checks see it; specs inject their own. */
export interface HostProbe {
  readonly env: NodeJS.ProcessEnv;
  readonly isRoot: boolean;
  /** CAP_NET_ADMIN: addresses and firewall rules. */
  readonly mayConfigureNetwork: boolean;
  /** Why it does not answer, where it does not. */
  readonly engine: EngineFacts | { readonly problem: string };
  /** Where a program of that name is; null: nowhere. */
  findProgram(name: string): Promise<string | null>;
  /** Null: no such file, or not for this user. */
  readText(path: string): Promise<string | null>;
  /** Permission bits of a file; null: no such file. */
  modeOf(path: string): Promise<number | null>;
  /** Null: the engine is on another machine. */
  engineDisk(): Promise<EngineDisk | null>;
  /** Why an agent of this user could not do it; undefined: it could. */
  nftablesObstacle(): Promise<string | undefined>;
  bridgeObstacle(): Promise<string | undefined>;
  launchVolumesObstacle(): Promise<string | undefined>;
  registryCredentialsObstacle(file: string): Promise<string | undefined>;
  /** Bytes that are free for this user; null: no such folder. */
  freeBytes(path: string): Promise<number | null>;
  /** IPv4 addresses of this machine's interfaces. */
  readonly addresses: readonly string[];
  /** Whether a program listens on that TCP port of any address. */
  isPortTaken(port: number): Promise<boolean>;
  /** How far this clock is ahead of the control plane's machine, in ms; a text: why that is not known. */
  clockAheadMs(): Promise<number | string>;
  /** The data folder. */
  readonly home: string;
}

/** `ok`; `missing`: something that tasks may ask for does not work; `fatal`: no task runs; `unknown`: it could not be found out. */
export type CheckState = 'ok' | 'missing' | 'fatal' | 'unknown';

export interface CheckResult {
  readonly state: CheckState;
  /** What was found, in a few words. */
  readonly found: string;
  /** What to do, where something is missing. */
  readonly remedy?: string;
}

export interface HostCheck {
  readonly name: string;
  /** What does not work without it. */
  readonly needs: string;
  run(probe: HostProbe): Promise<CheckResult>;
}

export const ok = (found: string): CheckResult => ({ state: 'ok', found });
export const missing = (found: string, remedy: string): CheckResult => ({ state: 'missing', found, remedy });
export const fatal = (found: string, remedy: string): CheckResult => ({ state: 'fatal', found, remedy });
export const unknown = (found: string): CheckResult => ({ state: 'unknown', found });

/** The engine, or null where none answers: what depends on it is then not known. */
export function engineOf({ engine }: HostProbe): EngineFacts | null {
  return 'problem' in engine ? null : engine;
}
