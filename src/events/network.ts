/** Where a call came from, coarse enough to stay the same while a host keeps its place. */
export interface Network {
  readonly kind: "ipv4" | "ipv6" | "vpc-endpoint" | "service" | "internal" | "unknown";
  /** `203.0.113.0/24`, `2001:db8:1::/48`, `vpce-0abc…`, `aws-mcp.amazonaws.com`, `AWS Internal`, `` when unknown. */
  readonly name: string;
  /** `sourceIPAddress` as logged; null when absent. */
  readonly address: string | null;
  readonly vpcEndpointId: string | null;
}
