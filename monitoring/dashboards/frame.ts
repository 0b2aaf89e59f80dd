import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { datasource, type PanelBuilder } from "./panels.ts";

/** A dashboard: rows of panels, with what all have in common. */
export interface Frame {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly from: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly {
    readonly title: string;
    readonly panels: readonly PanelBuilder[];
  }[];
}

/** A choice above the panels: values of a label. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** A metric, with other variables as matchers. */
  readonly of: string;
  /** One value only: the panels speak of it alone. */
  readonly isSingle?: boolean;
}

const tag = "trailwarden";
/** Where `watch` answers, unless who looks says otherwise: for links. */
const apiDefault = "http://127.0.0.1:8484";

export function framed(frame: Frame): dashboard.Dashboard {
  const { uid, title, description, from, variables, rows } = frame;
  const builder = new dashboard.DashboardBuilder(`trailwarden · ${title}`)
    .uid(uid)
    .description(description)
    .tags([tag])
    .timezone("browser")
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .refresh("30s")
    .time({ from, to: "now" })
    .withVariable(new dashboard.DatasourceVariableBuilder("datasource")
      .label("Prometheus").type("prometheus"))
    .annotation(findings())
    .link(siblings())
    .link(apiLink("Findings", "/v1/findings?status=open"))
    .link(apiLink("API", "/docs"));
  for (const variable of variables) builder.withVariable(choice(variable));
  builder.withVariable(new dashboard.TextBoxVariableBuilder("api")
    .label("API").defaultValue(apiDefault)
    .description("Where a browser reaches trailwarden: links lead there."));
  for (const row of rows) {
    builder.withRow(new dashboard.RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  return numbered(builder.build());
}

/** Ids by place: two builds of the same are the same. */
function numbered(built: dashboard.Dashboard): dashboard.Dashboard {
  const panels = (built.panels ?? []).map((panel, i) => ({ ...panel, id: i + 1 }));
  return { ...built, panels };
}

function choice({ name, label, of, isSingle = false }: Variable): dashboard.QueryVariableBuilder {
  const query = `label_values(${of}, ${name})`;
  const variable = new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({ query, refId: `choice-${name}` })
    .definition(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc);
  return isSingle
    ? variable.multi(false)
    : variable.multi(true).includeAll(true).allValue(".*")
      .current({ text: "All", value: "$__all", selected: true });
}

/** When findings that matter were opened. */
function findings(): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name("Findings")
    .datasource(datasource)
    .enable(true)
    .iconColor("red")
    .expr("sum by (rule, level) (increase(trailwarden_finding_changes_total" +
      "{change=~\"opened|worse\",level=~\"high|critical\"}[1m])) > 0")
    .step("60s")
    .titleFormat("{{level}}: {{rule}}")
    .tagKeys("level,rule");
}

function siblings(): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder("trailwarden")
    .type(dashboard.DashboardLinkType.Dashboards)
    .tags([tag]).asDropdown(true).includeVars(true).keepTime(true);
}

function apiLink(title: string, path: string): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder(title)
    .type(dashboard.DashboardLinkType.Link)
    .icon("external link")
    .tooltip("Asks for a token.")
    .url(`\${api}${path}`)
    .targetBlank(true);
}
