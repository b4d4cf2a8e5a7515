// @ts-check
/** What an agent offers only where its host has the programs: gVisor for FARGATE tasks, XFS for volumes. And what examples are typed with. */
import { ensureOptionalPackage } from './optional-package.mjs';

const PACKAGES = [
  { program: 'runsc', packageName: 'runsc', testsOf: 'isolation by gVisor' },
  { program: 'mkfs.xfs', packageName: 'xfsprogs', testsOf: 'volumes with XFS' },
  { program: 'curl', packageName: 'curl', testsOf: 'the examples' },
];

/**
 * @param {import('./context.mjs').SetupContext} context
 * @param {Partial<import('./optional-package.mjs').Probe>} [overrides]
 */
export async function ensureHostPackages(context, overrides) {
  for (const wanted of PACKAGES) await ensureOptionalPackage(context, wanted, overrides);
}
