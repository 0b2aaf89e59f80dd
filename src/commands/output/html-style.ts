/** Of the report's page: quiet on a screen, and black on white on paper. */
export const style = `
:root { color-scheme: light; --ink: #1c2430; --soft: #5b6675; --line: #e3e7ed; --ground: #f6f7f9;
  --critical: #7a1030; --high: #c62f3b; --medium: #d98014; --low: #3d7dca;
  --informational: #8a94a3; --pass: #2f8f5b; --unknown: #a9b2bf; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 80px; }
header h1 { margin: 0; font-size: 28px; letter-spacing: -0.01em; }
header p { margin: 4px 0 0; color: var(--soft); }
section { margin-top: 28px; padding: 22px 24px; background: #fff; border: 1px solid var(--line);
  border-radius: 12px; }
h2 { margin: 0 0 4px; font-size: 18px; }
h3 { margin: 24px 0 2px; font-size: 15px; }
.hint { margin: 0 0 14px; color: var(--soft); font-size: 13px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(96px, 1fr)); gap: 12px;
  margin-top: 24px; }
.tile { padding: 12px 14px; background: #fff; border: 1px solid var(--line); border-radius: 12px;
  border-top: 4px solid var(--unknown); }
.tile b { display: block; font-size: 26px; line-height: 1.15; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 13px; }
.tile.critical { border-top-color: var(--critical); } .tile.high { border-top-color: var(--high); }
.tile.medium { border-top-color: var(--medium); } .tile.low { border-top-color: var(--low); }
.tile.pass { border-top-color: var(--pass); }
.badge { display: inline-block; padding: 0 8px; border-radius: 9px; color: #fff; font-size: 12px;
  line-height: 18px; vertical-align: 1px; background: var(--informational); }
.badge.critical { background: var(--critical); } .badge.high { background: var(--high); }
.badge.medium { background: var(--medium); } .badge.low { background: var(--low); }
.badge.new { background: var(--ink); }
table { width: 100%; border-collapse: collapse; font-size: 13.5px; }
th { text-align: left; color: var(--soft); font-weight: 600; font-size: 12px; }
th, td { padding: 7px 10px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child > td { border-bottom: 0; }
td { overflow-wrap: break-word; } code { overflow-wrap: anywhere; }
td.number, th.number { text-align: right; white-space: nowrap; }
code, pre { font: 12.5px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { margin: 6px 0 2px; padding: 10px 12px; background: var(--ground); border-radius: 8px;
  white-space: pre-wrap; overflow-wrap: anywhere; }
details summary { cursor: pointer; color: var(--soft); font-size: 13px; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12.5px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  fill: var(--ink); }
svg .soft { fill: var(--soft); } svg .end { text-anchor: end; } svg .white { fill: #fff; }
svg .critical { fill: var(--critical); } svg .high { fill: var(--high); }
svg .medium { fill: var(--medium); } svg .low { fill: var(--low); }
svg .informational { fill: var(--informational); } svg .pass { fill: var(--pass); }
svg .fail { fill: var(--high); } svg .unknown { fill: var(--unknown); }
svg .node { fill: #fff; stroke: #b9c2ce; } svg .agent { fill: #eaf2fd; stroke: var(--low);
  stroke-width: 1.5; } svg .outside { fill: #fff6e8; stroke: var(--medium); }
svg .edge { fill: none; stroke: #9aa5b4; stroke-width: 1.2; }
svg .edge.permission { stroke-dasharray: 5 4; } svg .edge.seen { stroke: var(--ink);
  stroke-width: 2; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 12px; font-size: 13px;
  color: var(--soft); }
.legend svg { display: inline-block; width: 12px; height: 12px; margin-right: 6px;
  vertical-align: -1px; }
footer { margin-top: 28px; color: var(--soft); font-size: 12.5px; }
@media print { body { background: #fff; font-size: 11.5px; } main { max-width: none; padding: 0; }
  section { padding: 14px 0; border: 0; border-top: 1px solid var(--line); border-radius: 0; }
  tr, .tile, h3 { break-inside: avoid; } h2, h3 { break-after: avoid; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  details::details-content { content-visibility: visible; display: block; }
  @page { margin: 14mm; } }
`;
