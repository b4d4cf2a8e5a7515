import { join } from 'node:path';
import { isName, NAME_RULE } from '#libs/ecs/messages';
import { productFolder, readSettings, type Settings, SettingsProblem } from '#libs/platform';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';

/** The options of `waybill up` as the command line gave them. */
export interface UpOptions {
  readonly home?: string;
  readonly port?: string;
  readonly cluster?: string;
  readonly agent: boolean;
}

export interface UpSettings {
  readonly settings: Settings;
  /** The cluster that this machine's agent joins. */
  readonly cluster: string;
  /** False: no agent is started; one that is started by hand may join the cluster. */
  readonly withAgent: boolean;
}

const DEFAULT_CLUSTER = 'default';

/** Settings from the environment, options first. @throws CliProblem */
export function upSettings(options: UpOptions, env: NodeJS.ProcessEnv): UpSettings {
  const cluster = options.cluster ?? (env['WAYBILL_CLUSTER'] || DEFAULT_CLUSTER);
  if (!isName(cluster)) throw new CliProblem(`a cluster name has ${NAME_RULE}`, EXIT.usage);
  const { home, port } = options;
  const settings = settingsWith(home, port === undefined ? env : { ...env, WAYBILL_PORT: port });
  return { settings, cluster, withAgent: options.agent };
}

/** The data folder of a clone: `waybill` finds it from any folder. */
export const defaultHome = (): string => join(productFolder(), '.waybill');

/** As readSettings; `--home` wins over the environment. @throws CliProblem */
export function settingsWith(home: string | undefined, env: NodeJS.ProcessEnv): Settings {
  try {
    return readSettings({ ...env, WAYBILL_HOME: home ?? (env['WAYBILL_HOME'] || defaultHome()) });
  } catch (error) {
    if (error instanceof SettingsProblem) throw new CliProblem(error.message, EXIT.usage);
    throw error;
  }
}
