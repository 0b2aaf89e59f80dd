import type { Answer, Call } from "./aws-server.ts";

/** A trail, in the words of its three answers. */
export interface ServedTrail {
  readonly trail: { readonly TrailARN: string } & Readonly<Record<string, unknown>>;
  readonly status: object;
  readonly selectors: object;
}

/**
 * DescribeTrails, GetTrailStatus and GetEventSelectors as their references tell them, and strict
 * about their parameters; a trail is asked for by its ARN.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html
 */
export function trailService(trails: readonly ServedTrail[]) {
  return ({ headers, body }: Call): Answer => {
    const target = String(headers["x-amz-target"]).replace("CloudTrail_20131101.", "");
    const request = JSON.parse(body) as Readonly<Record<string, unknown>>;
    const only = JSON.stringify(request);
    const named = trails.find(({ trail: { TrailARN: arn } }) =>
      only === JSON.stringify({ Name: arn }) || only === JSON.stringify({ TrailName: arn }));
    if (target === "DescribeTrails" && only === '{"includeShadowTrails":true}') {
      return success({ trailList: trails.map(({ trail }) => trail) });
    }
    if (target === "GetTrailStatus" && named !== undefined && "Name" in request) {
      return success(named.status);
    }
    if (target === "GetEventSelectors" && named !== undefined && "TrailName" in request) {
      return success(named.selectors);
    }
    const error = { __type: "InvalidParameterCombinationException", message: `${target} ${only}` };
    return { status: 400, headers: json, body: JSON.stringify(error) };
  };
}

const json = { "content-type": "application/x-amz-json-1.1" };

function success(value: object): Answer {
  return { status: 200, headers: json, body: JSON.stringify(value) };
}
