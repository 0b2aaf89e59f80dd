// SQS and S3 in a process of their own, so that what they need is not taken for the program's.
// Tells its parent where it is, and ends with it.
import process from "node:process";
import { startFauxqs } from "fauxqs";

const server = await startFauxqs({ port: 0, logger: false, defaultRegion: "eu-west-1" });
const bucket = "trail-bucket";
server.createBucket(bucket);
const dead = server.createQueue("trail-dead");
const redrive = { deadLetterTargetArn: dead.queueArn, maxReceiveCount: 2 };
const { queueUrl } = server.createQueue("trail", {
  attributes: { RedrivePolicy: JSON.stringify(redrive) },
});
process.on("disconnect", () => process.exit());
process.send({
  endpoint: `http://127.0.0.1:${server.port}`,
  bucket,
  queueUrl,
  deadLetterQueueUrl: dead.queueUrl,
});
