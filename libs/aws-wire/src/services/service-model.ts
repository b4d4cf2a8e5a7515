import type { ProtocolName } from '../protocols/protocol.ts';

/** One of Amazon's services as it is served here. A value: whoever serves it passes it to the router and the protocols. */
export interface ServiceModel {
  /** What its requests are signed for: the service in a credential scope, e.g. `ecs`. */
  readonly signingName: string;
  readonly protocol: ProtocolName;
  /** AWS JSON: what `X-Amz-Target` has before the dot. */
  readonly targetPrefix?: string;
  /** AWS Query: the `Version` of its forms. */
  readonly apiVersion?: string;
  /** Whether its requests may be signed for any region, because it has none of its own. */
  readonly isGlobal: boolean;
}

/** Amazon Elastic Container Service. */
export const ecsModel: ServiceModel = {
  signingName: 'ecs',
  protocol: 'json-1.1',
  targetPrefix: 'AmazonEC2ContainerServiceV20141113',
  isGlobal: false,
};

/** AWS Security Token Service. Every tool's first call goes to it, signed for whatever region the tool works in. */
export const stsModel: ServiceModel = {
  signingName: 'sts',
  protocol: 'query',
  apiVersion: '2011-06-15',
  isGlobal: true,
};
