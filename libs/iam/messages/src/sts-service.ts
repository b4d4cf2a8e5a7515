import type { ServiceModel } from '#libs/kernel';
import { stsShapes } from './generated/sts-shapes.ts';

/** AWS Security Token Service. Every tool's first call goes to it, signed for whatever region the tool works in. */
export const stsService: ServiceModel = {
  serviceId: 'STS',
  signingName: 'sts',
  isGlobal: true,
  protocols: [{ name: 'query', version: '2011-06-15', xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/' }],
  shapes: stsShapes,
  rules: {},
  unsignedOperations: ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'],
};
