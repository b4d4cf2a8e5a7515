import { networkProblem } from '#libs/container-runtime-docker';
import type { NetworkOptions } from '#libs/container-runtime-docker';
import { SettingsProblem } from '#libs/platform';
import { countOf, textOf, textsByName } from './variables.ts';

const WARM_INTERFACES_MAX = 1_000;
const SUBNETS = 'ranges by subnet id, e.g. {"subnet-1":"172.31.0.0/20"}';

/** The variables that a problem of the options is named by. */
const VARIABLES = {
  name: 'WAYBILL_VPC_NAME',
  vpcCidr: 'WAYBILL_VPC_CIDR',
  subnets: 'WAYBILL_SUBNETS',
} as const;

/**
 * How tasks with an address of their own are connected on this host. Reads WAYBILL_VPC_NAME (waybill-vpc), WAYBILL_VPC_CIDR,
 * WAYBILL_SUBNETS (`{"subnet-1":"172.31.0.0/20"}`), WAYBILL_SECURITY_GROUPS (a file) and WAYBILL_WARM_INTERFACES (4). An empty
 * variable counts as absent.
 * @throws SettingsProblem
 */
export function readNetworkSettings(env: NodeJS.ProcessEnv): NetworkOptions {
  const name = textOf(env, VARIABLES.name);
  const vpcCidr = textOf(env, VARIABLES.vpcCidr);
  const subnets = textsByName(env, VARIABLES.subnets, SUBNETS);
  const securityGroupsFile = textOf(env, 'WAYBILL_SECURITY_GROUPS');
  const size = countOf(env, 'WAYBILL_WARM_INTERFACES', { min: 0, max: WARM_INTERFACES_MAX });
  const options: NetworkOptions = {
    ...(name === undefined ? {} : { name }),
    ...(vpcCidr === undefined ? {} : { vpcCidr }),
    ...(subnets === undefined ? {} : { subnets }),
    ...(securityGroupsFile === undefined ? {} : { securityGroupsFile }),
    ...(size === undefined ? {} : { warmInterfaces: { size } }),
  };
  const problem = networkProblem(options);
  if (problem !== undefined) throw new SettingsProblem(`${VARIABLES[problem.option]} ${problem.text}`);
  return options;
}
