package dev.concert.ensemble.provider.azure;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.chat.ChatDialect;
import dev.concert.ensemble.provider.chat.ChatTraits;
import dev.concert.ensemble.provider.responses.ResponsesDialect;
import dev.concert.ensemble.provider.upstream.CloudAccess;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.DialectChoice;
import dev.concert.ensemble.provider.upstream.HostedDialect;
import dev.concert.ensemble.provider.upstream.PathSegment;
import dev.concert.ensemble.provider.upstream.UpstreamRequest;
import java.util.Map;
import java.util.Optional;

/**
 * Azure OpenAI. A client of Chat Completions or of Responses is answered in its own API. For other
 * clients it is Responses, which keeps reasoning, or Chat Completions where the configuration has
 * an {@code apiVersion}: many of those do not know Responses.
 *
 * <p>Formats: https://learn.microsoft.com/azure/ai-foundry/openai/latest and
 * https://learn.microsoft.com/azure/ai-foundry/openai/reference
 */
public final class AzureDialects implements DialectChoice {
  private static final String CHAT = "chat";

  private final CloudAccess.Azure access;
  private final Dialect chat;
  private final Dialect responses;

  /**
   * @param provider the name in error messages
   */
  public AzureDialects(String provider, String maxTokensField, CloudAccess.Azure access) {
    this.access = access;
    this.chat =
        new HostedDialect(
            new ChatDialect(provider, ChatTraits.compatible(maxTokensField)), this::place);
    this.responses = new HostedDialect(new ResponsesDialect(provider), this::place);
  }

  @Override
  public Dialect of(ServedModel model, InferenceRequest request) {
    return access.api().map(CHAT::equals).orElseGet(() -> isChat(request)) ? chat : responses;
  }

  private boolean isChat(InferenceRequest request) {
    return request.clientOn(Wire.CHAT).isPresent()
        || (access.apiVersion().isPresent() && request.clientOn(Wire.RESPONSES).isEmpty());
  }

  @Override
  public boolean passesThrough() {
    return true;
  }

  @Override
  public UpstreamRequest passed(ServedModel model, UpstreamRequest request) {
    return place(model, request);
  }

  /** Responses name the deployment in their body, all others in the URL. */
  private UpstreamRequest place(ServedModel model, UpstreamRequest openAis) {
    Optional<String> version = access.apiVersion();
    if (version.isEmpty()) {
      return openAis.at("/openai/v1" + openAis.path());
    }
    String deployment =
        openAis.path().startsWith("/responses")
            ? ""
            : "/deployments/" + PathSegment.encoded(model.upstreamId());
    return openAis.at(
        "/openai"
            + deployment
            + openAis.path()
            + "?api-version="
            + PathSegment.encoded(version.get()));
  }

  @Override
  public Map<String, String> headers(String key) {
    return Map.of("api-key", key);
  }
}
