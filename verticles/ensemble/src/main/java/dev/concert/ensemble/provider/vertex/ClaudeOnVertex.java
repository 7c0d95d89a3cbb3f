package dev.concert.ensemble.provider.vertex;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.anthropic.AnthropicDialect;
import dev.concert.ensemble.provider.anthropic.ClaudeBetas;
import dev.concert.ensemble.provider.anthropic.ClaudeBody;
import dev.concert.ensemble.provider.upstream.HostedDialect;
import dev.concert.ensemble.provider.upstream.PathSegment;
import dev.concert.ensemble.provider.upstream.TokenCountRequest;
import dev.concert.ensemble.provider.upstream.UpstreamRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Claude by {@code rawPredict}: the answers are those of Anthropic's API.
 *
 * <p>Format: https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai
 */
final class ClaudeOnVertex implements HostedDialect.Host {
  private static final String VERSION = "vertex-2023-10-16";
  private static final String MODELS = "/publishers/anthropic/models/";

  private static final Map<String, String> BETAS =
      Stream.concat(
              Stream.of(
                      "compact-2026-01-12",
                      "compact-2026-09-04",
                      "computer-use-2025-01-24",
                      "computer-use-2025-11-24",
                      "context-1m-2025-08-07",
                      "context-management-2025-06-27",
                      "interleaved-thinking-2025-05-14",
                      "per-turn-control-2026-07-01",
                      "tool-search-tool-2025-10-19",
                      "web-search-2025-03-05")
                  .map(name -> Map.entry(name, name)),
              Stream.of(Map.entry("advanced-tool-use-2025-11-20", "tool-search-tool-2025-10-19")))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private final ClaudeBetas betas;

  ClaudeOnVertex(Map<String, String> headers) {
    this.betas = ClaudeBetas.of(BETAS, headers);
  }

  @Override
  public UpstreamRequest place(ServedModel model, UpstreamRequest vendors) {
    boolean streamed = model.can().streaming();
    ObjectNode body = ClaudeBody.of(vendors.body(), VERSION);
    if (streamed) {
      body.put("stream", true);
    }
    return new UpstreamRequest(
        MODELS
            + PathSegment.encoded(model.upstreamId())
            + (streamed ? ":streamRawPredict" : ":rawPredict"),
        body,
        headers(vendors));
  }

  /**
   * In a header, as the vendor's own API has them. Those of the configuration are there already.
   */
  private Map<String, String> headers(UpstreamRequest vendors) {
    Set<String> asked = betas.of(vendors.headers(), vendors.body().path("anthropic_beta"));
    betas.always().forEach(asked::remove);
    return asked.isEmpty() ? Map.of() : Map.of("anthropic-beta", String.join(",", asked));
  }

  @Override
  public Optional<TokenCountRequest> countTokens(ServedModel model, UpstreamRequest vendors) {
    ObjectNode prompt = ClaudeBody.of(AnthropicDialect.prompt(vendors.body()), VERSION);
    prompt.put("model", model.upstreamId());
    return Optional.of(
        new TokenCountRequest(
            new UpstreamRequest(MODELS + "count-tokens:rawPredict", prompt, headers(vendors)),
            "input_tokens"));
  }

  @Override
  public List<UncarriedField> uncarried(ClientRequest own) {
    return betas.missing(own);
  }
}
