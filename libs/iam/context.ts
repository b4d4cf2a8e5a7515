import { stsService } from '#libs/iam/messages';
import type { BoundedContext, ContextRejection, ContextViews, Locale, Operation } from '#libs/kernel';

/** Nothing of it is in a log yet: the only access key is the root user's. */
class IamViews implements ContextViews {
  readonly locale: Locale;
  readonly halted = [];

  constructor(locale: Locale) {
    this.locale = locale;
  }

  apply(): 'foreign' {
    return 'foreign';
  }

  revisionOf(): number {
    return 0;
  }

  haltOf(): null {
    return null;
  }

  contentOf(): null {
    return null;
  }
}

/** Needs no permission (API reference of STS), and so names no resource. */
const getCallerIdentity: Operation<IamViews> = {
  isQuery: true,
  authorisation: () => ({ action: 'sts:GetCallerIdentity', resources: [] }),
  plan: (_input, { locale: { account } }, { principal }) => ({
    kind: 'answer',
    // The root user's unique id is that of the account.
    output: { UserId: account, Account: account, Arn: principal },
  }),
};

/** AWS IAM and STS. */
export const iam: BoundedContext<IamViews> = {
  name: 'sts',
  services: [stsService],
  shardKinds: [],
  createViews: (locale) => new IamViews(locale),
  operations: new Map([['GetCallerIdentity', getCallerIdentity]]),
  error: ({ code, message }: ContextRejection) => ({ type: code, message, httpStatus: 400 }),
  policies: [],
  publicEvents: () => ({ of: () => [], gathered: () => [] }),
  audit: null,
  agents: () => null,
  setup: () => [],
};
