import { networkProblem } from '#libs/container-runtime-docker';
import type { NetworkOptions } from '#libs/container-runtime-docker';
import { SettingsProblem } from '#libs/platform';

const WARM_INTERFACES_MAX = 1_000;

/** The variables that a problem of the options is named by. */
const VARIABLES = {
  name: 'WAYBILL_VPC_NAME',
  vpcCidr: 'WAYBILL_VPC_CIDR',
  subnets: 'WAYBILL_SUBNETS',
} as const;

/**
 * How tasks with an address of their own are connected on this host: WAYBILL_VPC_NAME (waybill-vpc), WAYBILL_VPC_CIDR,
 * WAYBILL_SUBNETS (`{"subnet-1":"172.31.0.0/20"}`), WAYBILL_SECURITY_GROUPS (a file) and WAYBILL_WARM_INTERFACES (4). An empty
 * variable counts as absent.
 * @throws SettingsProblem
 */
export function networkSettings(env: NodeJS.ProcessEnv): NetworkOptions {
  const value = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const name = value(VARIABLES.name);
  const vpcCidr = value(VARIABLES.vpcCidr);
  const subnets = value(VARIABLES.subnets);
  const securityGroupsFile = value('WAYBILL_SECURITY_GROUPS');
  const size = value('WAYBILL_WARM_INTERFACES');
  const options: NetworkOptions = {
    ...(name === undefined ? {} : { name }),
    ...(vpcCidr === undefined ? {} : { vpcCidr }),
    ...(subnets === undefined ? {} : { subnets: subnetsOf(subnets) }),
    ...(securityGroupsFile === undefined ? {} : { securityGroupsFile }),
    ...(size === undefined ? {} : { warmInterfaces: { size: sizeOf(size) } }),
  };
  const problem = networkProblem(options);
  if (problem !== undefined) throw new SettingsProblem(`${VARIABLES[problem.option]} ${problem.text}`);
  return options;
}

function sizeOf(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 0 && size <= WARM_INTERFACES_MAX) return size;
  throw new SettingsProblem(`WAYBILL_WARM_INTERFACES must be 0 to ${WARM_INTERFACES_MAX}`);
}

function subnetsOf(text: string): Readonly<Record<string, string>> {
  const problem = new SettingsProblem(
    `WAYBILL_SUBNETS must be a JSON object of ranges by subnet id, e.g. {"subnet-1":"172.31.0.0/20"}`,
  );
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw problem;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw problem;
  const entries = Object.entries(parsed).map(([id, cidr]): [string, string] => {
    if (typeof cidr !== 'string') throw problem;
    return [id, cidr];
  });
  return Object.fromEntries(entries);
}
