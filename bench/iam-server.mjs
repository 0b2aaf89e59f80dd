// IAM and STS, as far as inline policies of roles go, answering as slowly as it is told to. It knows
// when anything was asked of it, so that its own time can be taken off.
import { createServer } from "node:http";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { URLSearchParams } from "node:url";

const account = "111122223333";

export class IamServer {
  #server = createServer((request, response) => void this.#answer(request, response));
  #delayMs;
  /** By name: id, ARN, inline policies by name. */
  #roles = new Map();
  /** [from, until] of each call, ms UTC. */
  calls = [];

  constructor({ delayMs }) {
    this.#delayMs = delayMs;
  }

  async start() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return { endpoint: `http://127.0.0.1:${this.#server.address().port}`, region: "us-east-1" };
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  addRole({ name, id, arn }) {
    this.#roles.set(name, { name, id, arn, policies: new Map() });
  }

  /** How much of the time between was spent here, in ms: what went on side by side counts once. */
  busyMs(from, until) {
    let [busy, end] = [0, from];
    for (const [start, stop] of this.calls.toSorted(([a], [b]) => a - b)) {
      const [first, last] = [Math.max(start, end), Math.min(stop, until)];
      if (last > first) busy += last - first;
      end = Math.max(end, Math.min(stop, until));
    }
    return busy;
  }

  async #answer(request, response) {
    const from = Date.now();
    let body = "";
    for await (const chunk of request) body += chunk;
    const asked = Object.fromEntries(new URLSearchParams(body));
    await delay(this.#delayMs);
    const result = this.#act(asked);
    const { Action: action } = asked;
    const text = result === null
      ? "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>none</Message></Error>" +
        "<RequestId>r</RequestId></ErrorResponse>"
      : `<${action}Response><${action}Result>${result}</${action}Result>` +
        `<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`;
    response.writeHead(result === null ? 404 : 200, { "content-type": "text/xml" });
    response.end(text);
    this.calls.push([from, Date.now()]);
  }

  /** Null: there is no such thing. */
  #act({ Action: action, RoleName: name, PolicyName: policy, PolicyDocument: document }) {
    if (action === "GetCallerIdentity") {
      return `<Arn>arn:aws:iam::${account}:user/bench</Arn><UserId>AIDABENCH</UserId>` +
        `<Account>${account}</Account>`;
    }
    const role = this.#roles.get(name);
    if (role === undefined) return null;
    switch (action) {
      case "GetRole":
        return `<Role><Path>/</Path><RoleName>${name}</RoleName><RoleId>${role.id}</RoleId>` +
          `<Arn>${role.arn}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>`;
      case "ListRolePolicies":
        return `<PolicyNames>${[...role.policies.keys()].map((one) =>
          `<member>${one}</member>`).join("")}</PolicyNames><IsTruncated>false</IsTruncated>`;
      case "ListAttachedRolePolicies":
        return "<AttachedPolicies></AttachedPolicies><IsTruncated>false</IsTruncated>";
      case "GetRolePolicy":
        return role.policies.has(policy)
          ? `<RoleName>${name}</RoleName><PolicyName>${policy}</PolicyName>` +
            `<PolicyDocument>${encodeURIComponent(role.policies.get(policy))}</PolicyDocument>`
          : null;
      case "PutRolePolicy":
        role.policies.set(policy, document);
        return "";
      case "DeleteRolePolicy":
        return role.policies.delete(policy) ? "" : null;
      default:
        throw new Error(`${action} is not known here.`);
    }
  }
}
