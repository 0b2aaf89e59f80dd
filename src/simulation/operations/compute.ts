import { usText } from "../instant.ts";
import type { Operation, Place } from "./operation.ts";
import { read, write } from "./operation.ts";

/** EC2, ECS, Lambda, Auto Scaling and CloudFormation. */
export const compute = {
  "ec2:DescribeInstances": read("ec2:DescribeInstances", (place) =>
    place.random.chance(0.6)
      ? { request: { instancesSet: items("instanceId", some(place, "instances")), filterSet: {} } }
      : { request: { maxResults: 1000, instancesSet: {}, filterSet: teamFilter(place) } },
  ),
  "ec2:DescribeSecurityGroups": read("ec2:DescribeSecurityGroups", (place) => ({
    request: {
      securityGroupSet: {},
      securityGroupIdSet: items("groupId", some(place, "securityGroups")),
      filterSet: {},
    },
  })),
  "ec2:DescribeSubnets": read("ec2:DescribeSubnets", (place) => ({
    request: { subnetSet: {}, filterSet: filter("vpc-id", one(place, "vpcs")) },
  })),
  "ec2:DescribeVpcs": read("ec2:DescribeVpcs", () => ({ request: { vpcSet: {}, filterSet: {} } })),
  "ec2:DescribeVolumes": read("ec2:DescribeVolumes", (place) => ({
    request: {
      volumeSet: {},
      filterSet: filter("attachment.instance-id", one(place, "instances")),
    },
  })),
  "ec2:DescribeImages": read("ec2:DescribeImages", (place) => ({
    request: { imagesSet: items("imageId", [one(place, "images")]), filterSet: {} },
  })),
  "ec2:DescribeSnapshots": read("ec2:DescribeSnapshots", () => ({
    request: { ownersSet: { items: [{ owner: "self" }] }, snapshotSet: {}, filterSet: {} },
  })),
  "ec2:DescribeInstanceStatus": read("ec2:DescribeInstanceStatus", (place) => ({
    request: {
      instancesSet: items("instanceId", some(place, "instances")),
      filterSet: {},
      includeAllInstances: false,
    },
  })),
  "ec2:DescribeNetworkInterfaces": read("ec2:DescribeNetworkInterfaces", (place) => ({
    request: {
      networkInterfaceIdSet: {},
      filterSet: filter("group-id", one(place, "securityGroups")),
    },
  })),
  "ec2:DescribeTags": read("ec2:DescribeTags", (place) => ({
    request: { maxResults: 500, filterSet: filter("resource-id", one(place, "instances")) },
  })),
  "ec2:CreateTags": write("ec2:CreateTags", (place) => {
    const resourcesSet = items("resourceId", [one(place, "instances")]);
    const tagSet = { items: [{ key: "managed-by", value: "automation" }] };
    return { request: { resourcesSet, tagSet }, response: returned(place) };
  }),
  "ec2:AuthorizeSecurityGroupIngress": write("ec2:AuthorizeSecurityGroupIngress", (place) => ({
    request: { groupId: one(place, "securityGroups"), ipPermissions: ingress(443, "10.0.0.0/8") },
    response: returned(place),
  })),
  "ec2:CreateSecurityGroup": write("ec2:CreateSecurityGroup", (place) => ({
    request: {
      groupName: `svc-${place.random.hex(6)}`,
      groupDescription: "Managed by automation",
      vpcId: one(place, "vpcs"),
    },
    response: { ...returned(place), groupId: `sg-0${place.random.hex(16)}` },
  })),
  "ec2:CreateSnapshot": write("ec2:CreateSnapshot", (place) => {
    const volumeId = one(place, "volumes");
    const snapshotId = `snap-0${place.random.hex(16)}`;
    return {
      request: { volumeId, description: "nightly" },
      response: { ...returned(place), snapshotId, volumeId, status: "pending", volumeSize: 64 },
    };
  }),
  "ec2:StopInstances": write("ec2:StopInstances", (place) => ({
    request: { instancesSet: items("instanceId", [one(place, "instances")]), force: false },
    response: returned(place),
  })),
  "ecs:ListServices": read("ecs:ListServices", (place) => ({
    request: { cluster: one(place, "clusters"), maxResults: 100 },
  })),
  "ecs:DescribeServices": read("ecs:DescribeServices", (place) => ({
    request: { cluster: one(place, "clusters"), services: some(place, "services") },
  })),
  "ecs:DescribeTasks": read("ecs:DescribeTasks", (place) => ({
    request: { cluster: one(place, "clusters"), tasks: [place.random.hex(32)] },
  })),
  "ecs:UpdateService": write("ecs:UpdateService", (place) => {
    const service = one(place, "services");
    const cluster = one(place, "clusters");
    return {
      request: { cluster, service, forceNewDeployment: true },
      response: { service: { serviceName: service, status: "ACTIVE", desiredCount: 3 } },
    };
  }),
  "lambda:ListFunctions": read("lambda:ListFunctions", () => ({
    request: { maxItems: 50, functionVersion: "ALL" },
  })),
  "lambda:GetFunctionConfiguration": read("lambda:GetFunctionConfiguration", (place) => ({
    request: { functionName: one(place, "functions") },
  })),
  "lambda:ListTags": read("lambda:ListTags", (place) => ({
    request: { resource: functionArn(place) },
  })),
  "lambda:UpdateFunctionCode": write("lambda:UpdateFunctionCode", (place) => {
    const functionName = one(place, "functions");
    return {
      request: { functionName, publish: true, dryRun: false },
      response: { functionName, runtime: "nodejs22.x", version: "17", state: "Active" },
    };
  }),
  "autoscaling:DescribeAutoScalingGroups": read("autoscaling:DescribeAutoScalingGroups", () => ({
    request: { maxRecords: 100 },
  })),
  "cloudformation:DescribeStacks": read("cloudformation:DescribeStacks", (place) => ({
    request: { stackName: one(place, "stacks") },
  })),
  "cloudformation:ListStackResources": read("cloudformation:ListStackResources", (place) => ({
    request: { stackName: one(place, "stacks") },
  })),
  "cloudformation:DescribeStackEvents": read("cloudformation:DescribeStackEvents", (place) => ({
    request: { stackName: one(place, "stacks") },
  })),
  "cloudformation:CreateChangeSet": write("cloudformation:CreateChangeSet", (place) => {
    const stackName = one(place, "stacks");
    const changeSetName = `deploy-${Math.floor(place.at / 1000)}`;
    const id = `arn:aws:cloudformation:${place.region}:${place.inventory.account}:changeSet`;
    return {
      request: { stackName, changeSetName, changeSetType: "UPDATE", capabilities: [] },
      response: { id: `${id}/${changeSetName}/${place.random.uuid()}` },
    };
  }),
  "cloudformation:ExecuteChangeSet": write("cloudformation:ExecuteChangeSet", (place) => ({
    request: { stackName: one(place, "stacks"), changeSetName: "deploy" },
    response: null,
  })),
  "ssm:SendCommand": write("ssm:SendCommand", (place) => {
    const request = {
      instanceIds: some(place, "instances"),
      documentName: "AWS-RunShellScript",
      parameters: "HIDDEN_DUE_TO_SECURITY_REASONS",
      interactive: false,
    };
    const command = {
      commandId: place.random.uuid(),
      ...request,
      documentVersion: "$DEFAULT",
      requestedDateTime: usText(place.at),
      status: "Pending",
      maxConcurrency: "50",
      maxErrors: "0",
      timeoutSeconds: 3600,
    };
    return { request, response: { command } };
  }),
  "ssm:DescribeInstanceInformation": read("ssm:DescribeInstanceInformation", () => ({
    request: { maxResults: 50 },
  })),
  "ssm:UpdateInstanceInformation": write("ssm:UpdateInstanceInformation", (place) => ({
    request: {
      instanceId: one(place, "instances"),
      agentVersion: "3.3.2299.0",
      agentStatus: "Active",
      platformType: "Linux",
      platformName: "Amazon Linux",
      agentName: "amazon-ssm-agent",
      availabilityZone: `${place.region}a`,
    },
    response: null,
  })),
} as const satisfies Readonly<Record<string, Operation>>;

type ListName = {
  [Name in keyof Place["inventory"]]: Place["inventory"][Name] extends string ? never : Name;
}[keyof Place["inventory"]];

export function one(place: Place, name: ListName): string {
  return place.random.pick(place.inventory[name]);
}

export function some(place: Place, name: ListName): string[] {
  return Array.from({ length: place.random.between(1, 4) }, () => one(place, name));
}

function items(key: string, values: readonly string[]) {
  return { items: values.map((value) => ({ [key]: value })) };
}

function filter(name: string, value: string) {
  return { items: [{ name, valueSet: { items: [{ value }] } }] };
}

function teamFilter(place: Place) {
  return filter("tag:Team", place.random.pick(["platform", "payments", "search", "data"]));
}

function ingress(port: number, cidrIp: string) {
  const ranges = { items: [{ cidrIp }] };
  return { items: [{ ipProtocol: "tcp", fromPort: port, toPort: port, ipRanges: ranges }] };
}

/** What EC2 answers to a write; it repeats the request id, which here is its own. */
function returned(place: Place) {
  return { requestId: place.random.uuid(), _return: true };
}

function functionArn(place: Place): string {
  const { region, inventory } = place;
  return `arn:aws:lambda:${region}:${inventory.account}:function:${one(place, "functions")}`;
}
