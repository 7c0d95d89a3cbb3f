package dev.concert.inference;

import java.util.List;

/** What Ensemble is asked over the bus. Model traffic itself goes over HTTP. */
public final class InferenceMessages {
  private InferenceMessages() {}

  /**
   * Asks for a token that one agent instance may use until it is closed.
   *
   * @param instanceId whose calls these are; usage is reported under this name
   * @param tenantId who pays
   * @param token that the instance has already, which an Ensemble that was started again does not
   *     know; a secret; null to get a new one
   */
  public record OpenAccess(String instanceId, String tenantId, String token) {
    /** How the ids of callers begin that are no agents: the gateway itself. */
    public static final String GATEWAY = "gateway_";

    @Override
    public String toString() {
      return "OpenAccess[instanceId=" + instanceId + ", tenantId=" + tenantId + "]";
    }
  }

  /**
   * @param url base URL of Ensemble as seen from this host, without a trailing slash
   * @param token bearer token; a secret
   * @param defaultModel the model to use when none was chosen
   */
  public record Access(String url, String token, String defaultModel) {
    @Override
    public String toString() {
      return "Access[url=" + url + ", token=***, defaultModel=" + defaultModel + "]";
    }
  }

  /** The token of this instance is no longer valid. Closing what is not open succeeds. */
  public record CloseAccess(String instanceId) {}

  /**
   * One model call was finished, or failed after tokens were spent. Sent as a request before the
   * caller gets its {@code done}, so that usage is never later than the answer it belongs to.
   *
   * @param cost decimal number of US dollars
   */
  public record UsageReport(
      String instanceId,
      String model,
      String provider,
      long inputTokens,
      long outputTokens,
      long cachedTokens,
      String cost) {}

  public record ListModels() {}

  /**
   * @param models those that are available now
   * @param names everything that a request may name as its model: aliases, and models whose
   *     provider has no key at the moment, too
   */
  public record Models(List<Model> models, String defaultModel, List<String> names) {
    public Models(List<Model> models, String defaultModel) {
      this(models, defaultModel, models.stream().map(Model::id).toList());
    }
  }

  /**
   * @param inputPrice US dollars for a million tokens, as a decimal; likewise the others
   * @param cachedPrice of prompt tokens read from the provider's cache
   * @param cacheWritePrice of prompt tokens written to it
   * @param reasoningPrice of tokens of thinking
   */
  public record Model(
      String id,
      String provider,
      int contextWindow,
      int maxOutputTokens,
      boolean tools,
      boolean thinking,
      boolean images,
      boolean documents,
      boolean audio,
      boolean structuredOutput,
      String inputPrice,
      String outputPrice,
      String cachedPrice,
      String cacheWritePrice,
      String reasoningPrice) {}
}
