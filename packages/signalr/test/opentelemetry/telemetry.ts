import { metrics, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-node";

const spans = new InMemorySpanExporter();
/** Ids of those that have not ended. */
const open = new Set<string>();
const watch: SpanProcessor = {
  onStart: (span) => void open.add(span.spanContext().spanId),
  onEnd: (span) => void open.delete(span.spanContext().spanId),
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans), watch] }).register();

const reader = new PeriodicExportingMetricReader({
  exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
});
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));

/** The application's own. */
const tracer = trace.getTracer("application");

/** A span as the tests see it. */
export interface SeenSpan {
  readonly name: string;
  readonly kind: number;
  readonly scope: string;
  readonly trace: string;
  readonly id: string;
  readonly parent: string | undefined;
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { readonly code: number; readonly message?: string | undefined };
  readonly events: readonly string[];
  readonly state: string | undefined;
}

/** One series of a metric. */
export interface SeenMetric {
  readonly name: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** A histogram's sum. */
  readonly value: number;
  /** How often a histogram was given something. */
  readonly count?: number;
}

function seen(span: ReadableSpan): SeenSpan {
  const { traceId, spanId, traceState } = span.spanContext();
  return {
    name: span.name,
    kind: span.kind,
    scope: span.instrumentationScope.name,
    trace: traceId,
    id: spanId,
    parent: span.parentSpanContext?.spanId,
    links: span.links.map((link) => link.context.spanId),
    attributes: span.attributes,
    status: span.status,
    events: span.events.map(({ name }) => name),
    state: traceState?.serialize(),
  };
}

/** @returns the spans that have ended since the last time */
function takeSpans(): SeenSpan[] {
  const ended = spans.getFinishedSpans().map(seen);
  spans.reset();
  return ended;
}

async function readMetrics(): Promise<SeenMetric[]> {
  const { resourceMetrics } = await reader.collect();
  return resourceMetrics.scopeMetrics.flatMap((scope) =>
    scope.metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => {
        const series = { name: descriptor.name, unit: descriptor.unit, attributes };
        return typeof value === "number"
          ? { ...series, value }
          : { ...series, value: value.sum ?? 0, count: value.count };
      }),
    ),
  );
}

/** @returns what there is to report under a path, undefined for any other */
export async function report(path: string): Promise<unknown> {
  switch (path) {
    case "/spans":
      return takeSpans();
    case "/open-spans":
      return open.size;
    case "/metrics":
      return readMetrics();
    default:
      return undefined;
  }
}

/** Runs a part of the application in a span of its own. */
export async function inSpan<Result>(name: string, task: () => Result | Promise<Result>): Promise<Result> {
  return tracer.startActiveSpan(name, async (span) => {
    try {
      return await task();
    } finally {
      span.end();
    }
  });
}
