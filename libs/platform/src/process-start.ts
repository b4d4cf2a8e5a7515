import { Command } from 'commander';
import { readSettings, type Settings, SettingsProblem } from './settings/settings.ts';
import { productVersion } from './version.ts';

/** What every process of the product reads, for its --help. */
const COMMON_SETTINGS = `  WAYBILL_HOME        data folder (.waybill)
  AWS_REGION          region in ARNs (us-east-1)
  WAYBILL_LOG_LEVEL   of the JSON lines on standard error (info)
  NATS_URL            the broker, several addresses separated by commas
  NATS_USER, NATS_PASSWORD, or NATS_CREDS`;

const USAGE_EXIT_CODE = 2;

/** The command line of a process: --help and --version, and whatever options are added. */
export function processCommand(name: string, description: string, ownSettings = ''): Command {
  return new Command(name)
    .description(description)
    .version(productVersion())
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
    .configureOutput({ outputError: (text, write) => write(`${name}: ${text.replace(/^error: /, '')}`) })
    .addHelpText('after', `\nSettings come from the environment (defaults):\n${COMMON_SETTINGS}${ownSettings}`);
}

/** The settings of this process; one that makes no sense ends it with one line. */
export function settingsOf(command: Command): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsProblem) command.error(error.message);
    throw error;
  }
}
