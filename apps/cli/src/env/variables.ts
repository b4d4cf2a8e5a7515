import { contexts } from '#contexts';

const GENERAL_ENDPOINT = 'AWS_ENDPOINT_URL';
/** One per service of this endpoint, e.g. `AWS_ENDPOINT_URL_SECRETS_MANAGER`. */
export const SERVICE_ENDPOINTS = contexts
  .flatMap(({ services }) => services)
  .map(({ serviceId }) => `${GENERAL_ENDPOINT}_${serviceId.replaceAll(' ', '_').toUpperCase()}`);

/** Where Waybill is and who is asking. */
export interface Access {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly natsUrl: string;
  readonly natsUser: string;
  readonly natsPassword: string;
  /** The user that reads the journal: `history`, `at` and `replay`. */
  readonly natsAuditorUser: string;
  readonly natsAuditorPassword: string;
  /** The user that reads the stream of public events. */
  readonly natsFollowerUser: string;
  readonly natsFollowerPassword: string;
}

/**
 * The environment of AWS tools and the `nats` command. The endpoint is set service by service, so that tools which also use
 * services that are not served here (S3, CloudFormation) still reach AWS for them.
 * @param all also the variable that directs every service to this endpoint
 */
export function environmentVariables(access: Access, all: boolean): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(SERVICE_ENDPOINTS.map((variable) => [variable, access.endpoint])),
    ...(all ? { [GENERAL_ENDPOINT]: access.endpoint } : {}),
    AWS_REGION: access.region,
    AWS_DEFAULT_REGION: access.region,
    AWS_ACCESS_KEY_ID: access.accessKeyId,
    AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
    // A token of other credentials in the same shell would be sent along; empty means none.
    AWS_SESSION_TOKEN: '',
    NATS_URL: access.natsUrl,
    NATS_USER: access.natsUser,
    NATS_PASSWORD: access.natsPassword,
    NATS_AUDITOR_USER: access.natsAuditorUser,
    NATS_AUDITOR_PASSWORD: access.natsAuditorPassword,
    NATS_FOLLOWER_USER: access.natsFollowerUser,
    NATS_FOLLOWER_PASSWORD: access.natsFollowerPassword,
  };
}

const NOWHERE: Access = {
  endpoint: '',
  region: '',
  accessKeyId: '',
  secretAccessKey: '',
  natsUrl: '',
  natsUser: '',
  natsPassword: '',
  natsAuditorUser: '',
  natsAuditorPassword: '',
  natsFollowerUser: '',
  natsFollowerPassword: '',
};

/** Every variable that `environmentVariables` may set. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(environmentVariables(NOWHERE, true));
