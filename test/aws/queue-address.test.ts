import { expect, it } from "vitest";
import { queueAddress } from "../../src/aws/queue-address.ts";

it.each<[string, string | undefined, string | null, string]>([
  ["https://sqs.eu-west-1.amazonaws.com/111122223333/trail", undefined, "eu-west-1",
    "arn:aws:sqs:eu-west-1:111122223333:trail"],
  ["https://sqs.cn-north-1.amazonaws.com.cn/111122223333/trail", undefined, "cn-north-1",
    "arn:aws-cn:sqs:cn-north-1:111122223333:trail"],
  ["https://sqs-fips.us-gov-west-1.amazonaws.com/111122223333/trail", undefined, "us-gov-west-1",
    "arn:aws-us-gov:sqs:us-gov-west-1:111122223333:trail"],
  ["https://eu-west-1.queue.amazonaws.com/111122223333/trail", undefined, "eu-west-1",
    "arn:aws:sqs:eu-west-1:111122223333:trail"],
  ["https://vpce-0a-b.sqs.eu-west-1.vpce.amazonaws.com/111122223333/trail", undefined, "eu-west-1",
    "arn:aws:sqs:eu-west-1:111122223333:trail"],
  ["http://127.0.0.1:4566/000000000000/trail", "eu-west-1", "eu-west-1",
    "arn:aws:sqs:eu-west-1:000000000000:trail"],
  ["http://127.0.0.1:4566/000000000000/trail", undefined, null,
    "http://127.0.0.1:4566/000000000000/trail"],
  ["http://127.0.0.1:4566/trail", "eu-west-1", "eu-west-1", "http://127.0.0.1:4566/trail"],
])("%s, its region given as %s, is in %s: %s", (...[url, given, region, arn]) => {
  expect(queueAddress(url, given)).toEqual({ region, arn });
});
