import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { BOTO3, runBoto3, testWithBoto3 } from './support/boto3.ts';
import { Served } from './support/served.ts';

/* The exact requests of deploy tools, sent by the SDK that they use. What they send for "not given" decides whether any
 * of their users gets anything done. */

/** Each start of Python takes seconds on a busy machine. */
jest.setTimeout(600_000);

let served: Served;
beforeAll(async () => {
  served = await Served.start();
  if (BOTO3 !== undefined) await runBoto3(served, REGISTER);
});
afterAll(() => served.stop());

const REGISTER = `
for _ in range(2):
  client('ecs').register_task_definition(family='web', containerDefinitions=[{'name': 'app', 'image': 'app:1', 'memory': 64}])
print('null')
`;

/* Ansible, community.aws.ecs_service with cluster, name, task_definition and desired_count: looks, creates, looks again
 * and finds nothing to change, scales and rolls, deletes. Its defaults are empty: clientToken and role as texts. */
const ANSIBLE = `
ecs = client('ecs')
def look():
  response = ecs.describe_services(cluster='default', services=['shop'], include=['TAGS'])
  return response['services'][0] if response['services'] else [f['reason'] for f in response['failures']]
steps = {'before': look()}
created = ecs.create_service(
  cluster='default', serviceName='shop', taskDefinition='web:1', loadBalancers=[], clientToken='', role='',
  deploymentConfiguration={}, placementStrategy=[], desiredCount=2)['service']
ecs.get_waiter('services_stable').wait(cluster='default', services=['shop'], WaiterConfig={'Delay': 1, 'MaxAttempts': 60})
found = look()
# What the module compares to decide that nothing has to be done.
steps['same'] = [found['taskDefinition'].split('/')[-1] == 'web:1', found['loadBalancers'] == [], found['desiredCount'] == 2,
  found['propagateTags'] == 'NONE', found.get('tags', []) == [], found.get('enableExecuteCommand', False) == False]
updated = ecs.update_service(
  cluster='default', service='shop', taskDefinition='web:2', deploymentConfiguration={}, desiredCount=1)['service']
ecs.get_waiter('services_stable').wait(cluster='default', services=['shop'], WaiterConfig={'Delay': 1, 'MaxAttempts': 60})
steps['updated'] = [updated['desiredCount'], updated['taskDefinition'].split('/')[-1]]
try:
  ecs.delete_service(cluster='default', service='shop', force=False)
except Exception as e:
  steps['scaled'] = str(e)
steps['deleted'] = ecs.delete_service(cluster='default', service='shop', force=True)['service']['status']
steps['created'] = [created['status'], created['desiredCount'], 'roleArn' in created]
print(json.dumps(steps))
`;

/* The same module with what its users give it: a strategy without a field, constraints, a token, tags. */
const ANSIBLE_MORE = `
ecs = client('ecs')
service = ecs.create_service(
  cluster='default', serviceName='more', taskDefinition='web', loadBalancers=[], clientToken='', role='',
  deploymentConfiguration={'maximumPercent': 200, 'minimumHealthyPercent': 50,
    'deploymentCircuitBreaker': {'enable': True, 'rollback': True}},
  placementStrategy=[{'type': 'random', 'field': ''}], placementConstraints=[{'type': 'distinctInstance'}],
  launchType='EC2', desiredCount=1, propagateTags='SERVICE', tags=[{'key': 'team', 'value': ''}],
  schedulingStrategy='REPLICA')['service']
purged = ecs.update_service(
  cluster='default', service='more', taskDefinition='web', deploymentConfiguration={}, placementConstraints=[],
  placementStrategy=[], desiredCount=1, forceNewDeployment=True, enableExecuteCommand=False)['service']
print(json.dumps({'strategy': service['placementStrategy'], 'constraints': service['placementConstraints'],
  'tags': service.get('tags'), 'purged': [purged['placementStrategy'], purged['placementConstraints']]}))
`;

describe('Ansible, community.aws.ecs_service', () => {
  testWithBoto3('creates a service with its defaults, finds it unchanged, updates and deletes it', async () => {
    expect(await runBoto3(served, ANSIBLE)).toEqual({
      before: ['MISSING'],
      created: ['ACTIVE', 2, false],
      same: [true, true, true, true, true, true],
      updated: [1, 'web:2'],
      scaled: expect.stringContaining('The service cannot be stopped while it is scaled above 0.'),
      deleted: 'DRAINING',
    });
  });

  testWithBoto3('places, tags, and takes placement away again', async () => {
    expect(await runBoto3(served, ANSIBLE_MORE)).toEqual({
      strategy: [{ type: 'random' }],
      constraints: [{ type: 'distinctInstance' }],
      tags: [{ key: 'team', value: '' }],
      purged: [[], []],
    });
  });
});

/* fabfuel's ecs-deploy. "ecs run": looks the definition up and runs it with startedBy "ECS Deploy" and one override per
 * container that changed, or none. "ecs deploy": registers a copy of what Describe returned with empty roles, and rolls. */
const FABFUEL_RUN = `
ecs = client('ecs')
found = ecs.describe_task_definition(taskDefinition='web', include=['TAGS'])['taskDefinition']
name = '%s:%d' % (found['family'], found['revision'])
plain = ecs.run_task(cluster='default', taskDefinition=name, count=1, startedBy='ECS Deploy', overrides={'containerOverrides': []})
changed = ecs.run_task(cluster='default', taskDefinition=name, count=2, startedBy='ECS Deploy', overrides={'containerOverrides': [
  {'name': 'app', 'command': ['echo', ''], 'environment': [{'name': 'EMPTY', 'value': ''}]}]})
listed = ecs.list_tasks(cluster='default', startedBy='ECS Deploy')['taskArns']
print(json.dumps({'started': [len(plain['tasks']), len(changed['tasks'])], 'failures': plain['failures'] + changed['failures'],
  'startedBy': changed['tasks'][0]['startedBy'], 'override': changed['tasks'][0]['overrides']['containerOverrides'],
  'listed': len(listed)}))
`;

const FABFUEL_DEPLOY = `
ecs = client('ecs')
ecs.create_service(cluster='default', serviceName='deployed', taskDefinition='web', desiredCount=1)
service = ecs.describe_services(cluster='default', services=['deployed'])['services'][0]
found = ecs.describe_task_definition(taskDefinition=service['taskDefinition'], include=['TAGS'])
copy = found['taskDefinition']
copy['containerDefinitions'][0]['image'] = 'app:2'
known = ecs.meta.service_model.operation_model('RegisterTaskDefinition').input_shape.members
given = {k: v for k, v in copy.items() if k in known}
given.update(taskRoleArn='', executionRoleArn='')
new = ecs.register_task_definition(**given)['taskDefinition']
service = ecs.update_service(cluster='default', service='deployed', taskDefinition=new['taskDefinitionArn'])['service']
for _ in range(120):
  service = ecs.describe_services(cluster='default', services=['deployed'])['services'][0]
  arns = ecs.list_tasks(cluster='default', serviceName='deployed')['taskArns']
  tasks = ecs.describe_tasks(cluster='default', tasks=arns)['tasks'] if arns else []
  running = [t for t in tasks if t['taskDefinitionArn'] == new['taskDefinitionArn'] and t['lastStatus'] == 'RUNNING']
  if len(service['deployments']) == 1 and len(running) == service['desiredCount']: break
  time.sleep(0.5)
errors = [e['message'] for e in service['events'] if 'unable' in e['message']]
ecs.deregister_task_definition(taskDefinition=found['taskDefinition']['taskDefinitionArn'])
print(json.dumps({'running': len(running), 'errors': errors, 'roles': ['taskRoleArn' in new, 'executionRoleArn' in new]}))
`;

describe('fabfuel, ecs-deploy', () => {
  testWithBoto3('runs tasks', async () => {
    expect(await runBoto3(served, FABFUEL_RUN)).toEqual({
      started: [1, 2],
      failures: [],
      startedBy: 'ECS Deploy',
      override: [{ name: 'app', command: ['echo', ''], environment: [{ name: 'EMPTY', value: '' }] }],
      listed: 3,
    });
  });

  testWithBoto3('deploys a new revision', async () => {
    expect(await runBoto3(served, FABFUEL_DEPLOY)).toEqual({ running: 1, errors: [], roles: [false, false] });
  });
});
