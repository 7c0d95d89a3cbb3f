package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.CacheControl;
import java.util.List;
import java.util.Optional;

/**
 * A request to a model: the body of {@code POST /api/v1/stream} and {@code /generate}.
 *
 * <p>Read it with {@link RequestReader}, which also validates it. A client may leave out the
 * nullable components.
 *
 * @param maxTokens the most tokens of the answer; nullable; early clients call it {@code maxTokens}
 * @param temperature 0 to 2; nullable
 * @param topP 0 to 1; nullable
 * @param topK nullable
 * @param stopSequences nullable
 * @param tools nullable
 * @param toolChoice nullable: the model decides
 * @param parallelToolCalls false: at most one tool call in an answer; nullable
 * @param thinking nullable: the provider's default
 * @param responseFormat nullable: text
 * @param cacheControl a cache mark after the whole prompt; nullable
 * @param cacheKey calls with the same key share a prefix: a hint for the provider's cache; nullable
 * @param providerConfig fields that are set unchanged in the provider's request; nullable
 * @param client the request as the client sent it in a vendor's API; null in the native format
 */
@JsonNaming(SnakeCaseStrategy.class)
public record InferenceRequest(
    String model,
    List<Message> messages,
    @JsonAlias("maxTokens") Integer maxTokens,
    Double temperature,
    Double topP,
    Integer topK,
    List<String> stopSequences,
    List<ToolDefinition> tools,
    ToolChoice toolChoice,
    Boolean parallelToolCalls,
    ThinkingOptions thinking,
    ResponseFormat responseFormat,
    CacheControl cacheControl,
    String cacheKey,
    ObjectNode providerConfig,
    @JsonIgnore ClientRequest client) {

  /** A request without options. */
  public static InferenceRequest of(String model, List<Message> messages) {
    return new InferenceRequest(
        model, messages, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null);
  }

  /** The same request, with the client's own form of it. */
  public InferenceRequest from(ClientRequest own) {
    return with(messages, tools, own);
  }

  /**
   * The same request with other tools.
   *
   * @param others null for none
   */
  public InferenceRequest withTools(List<ToolDefinition> others) {
    return with(messages, others, client);
  }

  /** The same request with another conversation. */
  public InferenceRequest withMessages(List<Message> others) {
    return with(others, tools, client);
  }

  private InferenceRequest with(
      List<Message> conversation, List<ToolDefinition> offered, ClientRequest own) {
    return new InferenceRequest(
        model,
        conversation,
        maxTokens,
        temperature,
        topP,
        topK,
        stopSequences,
        offered,
        toolChoice,
        parallelToolCalls,
        thinking,
        responseFormat,
        cacheControl,
        cacheKey,
        providerConfig,
        own);
  }

  /** The client's own request, if its API is this one. */
  public Optional<ClientRequest> clientOn(Wire wire) {
    return Optional.ofNullable(client).filter(own -> own.wire() == wire);
  }

  /** What the client wants beside one answer in text. */
  public AnswerForm form() {
    return client == null ? AnswerForm.text() : client.form();
  }

  /** The tools that are offered; empty when there are none. */
  public List<ToolDefinition> offeredTools() {
    return Optional.ofNullable(tools).orElse(List.of());
  }

  /** Empty when there are none. */
  public List<String> stops() {
    return Optional.ofNullable(stopSequences).orElse(List.of());
  }

  public Optional<Integer> maxTokensWithin(int most) {
    return Optional.ofNullable(maxTokens).map(asked -> Math.min(asked, most));
  }

  /** The requested format other than plain text, if any. */
  public Optional<ResponseFormat> structured() {
    return Optional.ofNullable(responseFormat)
        .filter(format -> format.type() != ResponseFormat.Type.TEXT);
  }
}
