/** How a call ended. A dry run is EC2's `DryRunOperation`: it would have been allowed. */
export interface EventResult {
  readonly outcome: "allowed" | "denied" | "failed" | "dry-run";
  readonly errorCode: string | null;
  /** As logged, at most 1 KB. */
  readonly errorMessage: string | null;
  readonly denial: Denial | null;
}

export interface Denial {
  /** `unknown` where the service logs a bare "Access Denied" (S3). */
  readonly kind: "implicit" | "explicit" | "unknown";
  /** e.g. `identity-based`, `service control`, `permissions boundary`; null when not told. */
  readonly policyType: string | null;
  readonly policyArn: string | null;
  /** The IAM action and resource named by the message. */
  readonly action: string | null;
  readonly resource: string | null;
}
