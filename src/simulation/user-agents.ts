import type { Client } from "./caller.ts";
import type { Random } from "./random.ts";

/**
 * The AWS CLI on one host. `codes` are the `m/` features: the credential's source and the coding
 * agent.
 */
export interface CliHost {
  readonly version?: string;
  readonly os: string;
  readonly codes: readonly string[];
  readonly execEnv?: string;
}

/**
 * The AWS CLI v2. The order of `m/` changes from process to process, `sid` stays with the host.
 *
 * https://github.com/aws/aws-cli/blob/v2/awscli/clidriver.py
 */
export function awsCli(host: CliHost, random: Random): Client {
  const version = host.version ?? "2.36.7";
  const arch = host.os.startsWith("macos") ? "arm64" : "x86_64";
  const start =
    `aws-cli/${version} md/awscrt#0.31.2 ua/2.1 os/${host.os} md/arch#${arch} ` +
    `lang/python#3.14.4 md/pyimpl#CPython ` +
    (host.execEnv === undefined ? "" : `exec-env/${host.execEnv} `);
  const end = ` cfg/retry-mode#standard md/installer#exe sid/${random.hex(12)} md/prompt#off`;
  const orders = Array.from({ length: 3 }, () => random.shuffle([...host.codes]).join(","));
  return (operation, draw) =>
    `${start}m/${draw.pick(orders)}${end} md/command#${operation.command}`;
}

/** boto3; `source` is the `m/` code of where its credential came from. */
export function boto3(source: string, execEnv: string | null = null): Client {
  const text =
    `Boto3/1.42.10 md/Botocore#1.42.10 ua/2.1 os/linux#6.8.0-1021-aws md/arch#x86_64 ` +
    `lang/python#3.13.2 md/pyimpl#CPython m/${source},Z,b,D ` +
    (execEnv === null ? "" : `exec-env/${execEnv} `) +
    `cfg/retry-mode#legacy Botocore/1.42.10`;
  return () => text;
}

/** https://github.com/hashicorp/terraform-provider-aws */
export function terraform(): Client {
  const start =
    "APN/1.0 HashiCorp/1.0 Terraform/1.13.4 (+https://www.terraform.io) " +
    "terraform-provider-aws/6.18.0 (+https://registry.terraform.io/providers/hashicorp/aws) " +
    "aws-sdk-go-v2/1.39.2 ua/2.1 os/linux lang/go#1.24.6 md/GOOS#linux md/GOARCH#amd64 ";
  return (operation) => `${start}api/${operation.command.split(".")[0] ?? ""}#1.60.0 m/C,g`;
}

/** The JavaScript SDK; `source` as for {@link boto3}. */
export function jsSdk(source: string, execEnv: string | null): Client {
  const tail = `${execEnv === null ? "" : ` exec-env/${execEnv}`} m/E,${source},b`;
  return (operation) =>
    `aws-sdk-js/3.900.0 ua/2.1 os/linux#5.10.240 lang/js md/nodejs#22.11.0 ` +
    `api/${operation.command.split(".")[0] ?? ""}#3.900.0${tail}`;
}

/** The console: the service's own console, or the browser. */
export function browser(): Client {
  const text =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 " +
    "(KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36";
  return () => text;
}

/** A user agent that never changes. */
export function fixed(text: string): Client {
  return () => text;
}
