import { Option, type Command } from "commander";
import { Config, type TokenConfig } from "../config/schema.ts";
import { newToken, roles } from "../http/tokens.ts";
import { UsageError } from "../usage-error.ts";

const examples = `
Example:
  trailwarden token new --name grafana --role viewer
viewer reads; responder also acknowledges, closes and suppresses; admin also reads the audit log.`;

export function addTokenCommand(program: Command): void {
  const token = program
    .command("token")
    .summary("make a token for the HTTP API")
    .description("Whoever asks the service for something over HTTP shows a token.")
    .addHelpText("after", examples);
  token
    .command("new")
    .description("Makes a token, shows it this once, and prints the lines for the config.")
    .requiredOption("--name <name>", "whose it is: the audit log says token:<name>")
    .addOption(new Option("--role <role>", "what it may do")
      .choices([...roles]).makeOptionMandatory())
    .addHelpText("after", examples)
    .action(({ name, role }: Pick<TokenConfig, "name" | "role">) => {
      process.stdout.write(tokenText(name, role));
    });
}

function tokenText(name: string, role: TokenConfig["role"]): string {
  const { text, token } = newToken(name, role);
  const checked = Config.safeParse({ http: { tokens: [token] } });
  if (!checked.success) {
    const wanted = checked.error.issues.map(({ message }) => message).join("; ");
    throw new UsageError(`--name is ${name}: expected ${wanted}.`);
  }
  return `${text}

That is the token. It is shown this once; what is kept is its digest, in the config:

http:
  tokens:
    - name: ${JSON.stringify(name)}
      role: ${role}
      sha256: "${token.sha256}"
`;
}
