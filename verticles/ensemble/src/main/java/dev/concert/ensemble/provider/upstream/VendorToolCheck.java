package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.message.ClientField;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.ToolDefinition;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses what runs, or costs, at the provider and is not on the operator's list: server tools, the
 * tools inside other items of a conversation, and fields of {@code provider_config} that bring
 * tools or prices of their own. It looks at the request of every entry point and at what is sent in
 * the end.
 *
 * @param provider name of the provider, for the refusal
 * @param allowed the operator's list: types of tools, and names of fields
 */
record VendorToolCheck(String provider, Set<String> allowed) {

  /** Fields of {@code provider_config} that only change how the model writes. */
  private static final Set<String> HARMLESS =
      Set.of(
          "cache_control",
          "chat_template_kwargs",
          "enable_thinking",
          "frequency_penalty",
          "labels",
          "logit_bias",
          "logprobs",
          "metadata",
          "min_p",
          "output_config",
          "parallel_tool_calls",
          "prediction",
          "presence_penalty",
          "prompt_cache_key",
          "reasoning",
          "reasoning_effort",
          "repetition_penalty",
          "response_format",
          "safetySettings",
          "safety_identifier",
          "seed",
          "stop",
          "temperature",
          "text",
          "thinking",
          "thinking_budget",
          "top_a",
          "top_k",
          "top_logprobs",
          "top_p",
          "truncation",
          "typical_p",
          "user",
          "verbosity");

  /** Refuses the request by the name of its field. */
  void checkAsked(InferenceRequest request) {
    for (int i = 0; i < request.offeredTools().size(); i++) {
      ToolDefinition tool = request.offeredTools().get(i);
      if (tool.runsAtProvider()) {
        checkTool(tool.serverTool(), "tools[%d].server_tool".formatted(i));
      }
    }
    if (request.providerConfig() != null) {
      for (Iterator<String> names = request.providerConfig().fieldNames(); names.hasNext(); ) {
        String name = names.next();
        if (!HARMLESS.contains(name) && !allowed.contains(name)) {
          throw refusal("provider_config." + UpstreamError.shortened(name), "this field");
        }
      }
    }
  }

  /**
   * Fields of a client's own body that choose another model, a tier or a stored object, or that
   * send data elsewhere.
   */
  static final Set<String> NEED_PERMISSION =
      Set.of(
          "amazon-bedrock-guardrailConfig",
          "background",
          "cachedContent",
          "cached_content",
          "container",
          "conversation",
          "data_sources",
          "dataSources",
          "deferred",
          "fallbacks",
          "guardrailConfig",
          "inference_geo",
          "mcp_servers",
          "modelArmorConfig",
          "model_armor_config",
          "models",
          "performanceConfig",
          "plugins",
          "preset",
          "previous_response_id",
          "prompt",
          "provider",
          "route",
          "search_parameters",
          "serviceTier",
          "service_tier",
          "speed",
          "web_search_options");

  /** Those of them that choose a tier, and the values that choose the usual one. */
  private static final Set<String> TIERS = Set.of("service_tier", "serviceTier", "speed");

  private static final Set<String> USUAL_TIERS =
      Set.of("auto", "default", "standard", "standard_only");

  /** Fields of other vendors' dialects inside a body of Chat Completions. */
  private static final String EXTRA = "extra_body";

  /** Suffixes by which OpenRouter's names of models choose more than a model. */
  private static final Map<String, String> VARIANTS =
      Map.of(
          ":online", "plugins", ":nitro", "provider", ":exacto", "provider", ":floor", "provider");

  private static final Set<String> FUNCTIONS =
      Set.of("functionDeclarations", "function_declarations");

  /** Tools that the client runs itself, or that only choose among its tools. */
  private static final List<String> CLIENT_TOOLS =
      List.of(
          "custom",
          "function",
          "namespace",
          "local_shell",
          "apply_patch",
          "tool_search",
          "bash_",
          "text_editor_",
          "computer_2",
          "memory_");

  /** Refuses by the client's own names what its body may not ask for, whoever answers it. */
  void checkFields(JsonNode body) {
    checkFields(body, "");
  }

  private void checkFields(JsonNode body, String path) {
    for (String name : NEED_PERMISSION) {
      JsonNode value = body.path(name);
      boolean usual = value.isMissingNode() || value.isNull() || isUsual(name, value);
      if (!usual && !allowed.contains(name)) {
        throw refusal(ClientField.of(path + name), "this field");
      }
    }
    if (path.isEmpty()) {
      checkExtra(body.path(EXTRA), EXTRA + ".");
    }
  }

  /** The fields of one vendor are in an object with its name. */
  private void checkExtra(JsonNode extra, String path) {
    if (extra.isObject()) {
      checkFields(extra, path);
      extra
          .properties()
          .forEach(
              vendor ->
                  checkExtra(
                      vendor.getValue(), path + UpstreamError.shortened(vendor.getKey()) + "."));
    }
  }

  /** Values that are the same as leaving the field out. */
  private static boolean isUsual(String name, JsonNode value) {
    String text = value.asText();
    return value.isValueNode()
        && (text.isEmpty()
            || text.equals("false")
            || (TIERS.contains(name) && USUAL_TIERS.contains(text)));
  }

  /**
   * Refuses a name that the client has made up below a wildcard, and that chooses more than a
   * model.
   */
  void checkChosenName(String model) {
    VARIANTS.forEach(
        (suffix, field) -> {
          if (model.endsWith(suffix) && !allowed.contains(field)) {
            throw refusal("model", "the suffix '%s', which is '%s',".formatted(suffix, field));
          }
        });
  }

  /** Refuses tools and stored files in a body that is sent as the client wrote it. */
  void checkOwn(JsonNode body) {
    if (body.has("contents")) {
      checkGooglesTools(body.path("tools"));
    } else {
      checkTools(body.path("tools"), ClientField.of("tools"));
    }
    if (!allowed.contains("file_id")) {
      StoredFileCheck.find(body)
          .ifPresent(
              field -> {
                throw refusal(ClientField.of(field), "a stored file");
              });
    }
  }

  /** In Google's API a tool's type is the name of its field. */
  private void checkGooglesTools(JsonNode tools) {
    for (int i = 0; i < tools.size(); i++) {
      for (var field : tools.path(i).properties()) {
        String name = field.getKey();
        if (!FUNCTIONS.contains(name)
            && !allowed.contains(name)
            && !allowed.contains(camel(name))) {
          String path = "tools[%d].%s".formatted(i, UpstreamError.shortened(name));
          throw refusal(ClientField.of(path), "this tool");
        }
      }
    }
  }

  private static String camel(String snake) {
    return Pattern.compile("_([a-z])")
        .matcher(snake)
        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }

  /** Refuses tools in the items of the conversation, which are sent as they came. */
  void checkSent(JsonNode body) {
    JsonNode items = body.path("input");
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.path(i);
      if (item.has("tools")) {
        checkTools(item.path("tools"), "input[%d].tools".formatted(i));
      }
      if (item.has("server_url")) {
        throw refusal("input[%d].server_url".formatted(i), "a server of its own");
      }
    }
  }

  private void checkTools(JsonNode tools, String field) {
    for (int i = 0; i < tools.size(); i++) {
      checkTool(tools.path(i), field + "[" + i + "]");
    }
  }

  /** A tool may hold others. */
  private void checkTool(JsonNode tool, String field) {
    String type = tool.path("type").asText();
    if (!isClients(tool, type) && !allowed.contains(type)) {
      throw refusal(field, "the type '%s'".formatted(UpstreamError.shortened(type)));
    }
    checkTools(tool.path("tools"), field + ".tools");
  }

  /** In some APIs a tool of the client has no type. */
  private static boolean isClients(JsonNode tool, String type) {
    return type.isEmpty() ? tool.has("name") : CLIENT_TOOLS.stream().anyMatch(type::startsWith);
  }

  private ConcertException refusal(String field, String what) {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE,
        "%s: %s is not allowed at the provider '%s'.".formatted(field, what, provider));
  }
}
