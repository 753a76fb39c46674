import { version } from '../version.ts';

export type Tracing = {
  /** Sends what has not been sent. */
  close(): Promise<void>;
};

/**
 * Sends spans by OTLP over HTTP. The libraries read the standard variables themselves (OTEL_EXPORTER_OTLP_ENDPOINT,
 * _HEADERS, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER …) and are loaded here only: who does not trace pays nothing.
 */
export async function startTracing({
  otelExporterOtlpEndpoint,
}: {
  otelExporterOtlpEndpoint?: string | undefined;
}): Promise<Tracing> {
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const own = resources.resourceFromAttributes({ 'service.name': 'lectern', 'service.version': version });
  const named = resources.detectResources({ detectors: [resources.envDetector] });
  const provider = new NodeTracerProvider({
    resource: resources.defaultResource().merge(own).merge(named),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${otelExporterOtlpEndpoint}/v1/traces` })),
    ],
  });
  provider.register();
  return { close: () => provider.shutdown() };
}
