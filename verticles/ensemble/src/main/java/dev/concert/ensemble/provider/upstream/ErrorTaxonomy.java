package dev.concert.ensemble.provider.upstream;

import static java.util.Map.entry;

import dev.concert.error.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Maps the vendors' errors to common codes: by the vendor's error name first, then by the HTTP
 * status, and by the message only if both say no more than "invalid".
 *
 * <p>Sources: platform.claude.com/docs/en/api/errors, platform.openai.com/docs/guides/error-codes,
 * ai.google.dev/gemini-api/docs/troubleshooting, openrouter.ai/docs/api-reference/errors,
 * docs.x.ai/docs/key-information/debugging,
 * docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html and the operations' own errors.
 */
final class ErrorTaxonomy {
  private static final Map<String, ErrorCode> WORDS =
      Map.ofEntries(
          entry("authentication_error", ErrorCode.PROVIDER_AUTH),
          entry("invalid_api_key", ErrorCode.PROVIDER_AUTH),
          entry("api_key_invalid", ErrorCode.PROVIDER_AUTH),
          entry("permission_error", ErrorCode.PROVIDER_AUTH),
          entry("permission_denied", ErrorCode.PROVIDER_AUTH),
          entry("unauthenticated", ErrorCode.PROVIDER_AUTH),
          entry("account_deactivated", ErrorCode.PROVIDER_AUTH),
          entry("billing_error", ErrorCode.PROVIDER_QUOTA),
          entry("insufficient_quota", ErrorCode.PROVIDER_QUOTA),
          entry("billing_hard_limit_reached", ErrorCode.PROVIDER_QUOTA),
          entry("rate_limit_error", ErrorCode.PROVIDER_RATE_LIMITED),
          entry("rate_limit_exceeded", ErrorCode.PROVIDER_RATE_LIMITED),
          entry("resource_exhausted", ErrorCode.PROVIDER_RATE_LIMITED),
          entry("overloaded_error", ErrorCode.PROVIDER_OVERLOADED),
          entry("unavailable", ErrorCode.PROVIDER_OVERLOADED),
          entry("slow_down", ErrorCode.PROVIDER_OVERLOADED),
          entry("server_is_overloaded", ErrorCode.PROVIDER_OVERLOADED),
          entry("not_found_error", ErrorCode.MODEL_UNKNOWN),
          entry("model_not_found", ErrorCode.MODEL_UNKNOWN),
          entry("not_found", ErrorCode.MODEL_UNKNOWN),
          entry("context_length_exceeded", ErrorCode.CONTEXT_TOO_LONG),
          entry("request_too_large", ErrorCode.CONTEXT_TOO_LONG),
          entry("content_policy_violation", ErrorCode.PROVIDER_BLOCKED),
          entry("content_filter", ErrorCode.PROVIDER_BLOCKED),
          entry("image_content_policy_violation", ErrorCode.PROVIDER_BLOCKED),
          entry("invalid_prompt", ErrorCode.PROVIDER_BLOCKED),
          entry("api_error", ErrorCode.PROVIDER_FAILED),
          entry("server_error", ErrorCode.PROVIDER_FAILED),
          entry("internal", ErrorCode.PROVIDER_FAILED),
          entry("timeout_error", ErrorCode.PROVIDER_FAILED),
          entry("deadline_exceeded", ErrorCode.PROVIDER_FAILED),
          entry("accessdeniedexception", ErrorCode.PROVIDER_AUTH),
          entry("expiredtokenexception", ErrorCode.PROVIDER_AUTH),
          entry("incompletesignatureexception", ErrorCode.PROVIDER_AUTH),
          entry("invalidsignatureexception", ErrorCode.PROVIDER_AUTH),
          entry("missingauthenticationtokenexception", ErrorCode.PROVIDER_AUTH),
          entry("unrecognizedclientexception", ErrorCode.PROVIDER_AUTH),
          entry("throttlingexception", ErrorCode.PROVIDER_RATE_LIMITED),
          entry("servicequotaexceededexception", ErrorCode.PROVIDER_QUOTA),
          entry("resourcenotfoundexception", ErrorCode.MODEL_UNKNOWN),
          entry("modelnotreadyexception", ErrorCode.PROVIDER_OVERLOADED),
          entry("serviceunavailableexception", ErrorCode.PROVIDER_OVERLOADED),
          entry("internalserverexception", ErrorCode.PROVIDER_FAILED),
          entry("modelerrorexception", ErrorCode.PROVIDER_FAILED),
          entry("modelstreamerrorexception", ErrorCode.PROVIDER_FAILED),
          entry("modeltimeoutexception", ErrorCode.PROVIDER_FAILED));

  private static final List<Map.Entry<Pattern, ErrorCode>> SENTENCES =
      List.of(
          entry(
              Pattern.compile(
                  "prompt is too long|maximum context length|maximum prompt length"
                      + "|context window|exceeds the maximum number of tokens"
                      + "|exceed context limit|reduce the length of the messages"
                      + "|input is too long"),
              ErrorCode.CONTEXT_TOO_LONG),
          entry(Pattern.compile("credit balance is too low"), ErrorCode.PROVIDER_QUOTA),
          entry(
              Pattern.compile("api key not valid|incorrect api key|api key expired"),
              ErrorCode.PROVIDER_AUTH));

  private ErrorTaxonomy() {}

  /**
   * @param status the HTTP status; 0 for an error inside a stream
   */
  static ErrorCode classify(int status, VendorError error) {
    return error.names().stream()
        .map(name -> byName(name, error))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> byStatus(status, error));
  }

  private static Optional<ErrorCode> byName(String name, VendorError error) {
    // Google and OpenRouter repeat the status as the code, also inside a stream.
    return name.matches("[45]\\d\\d")
        ? precise(Integer.parseInt(name), error)
        : Optional.ofNullable(WORDS.get(name));
  }

  /** The code of an unambiguous status; 400 and 403 have several meanings. */
  private static Optional<ErrorCode> precise(int status, VendorError error) {
    return status == 400 || status == 403 || status == 429
        ? Optional.empty()
        : Optional.of(byStatus(status, error));
  }

  private static ErrorCode byStatus(int status, VendorError error) {
    return switch (status) {
      case 401, 403 -> bySentence(error).orElse(ErrorCode.PROVIDER_AUTH);
      case 402 -> ErrorCode.PROVIDER_QUOTA;
      case 404 -> ErrorCode.MODEL_UNKNOWN;
      case 408 -> ErrorCode.PROVIDER_FAILED;
      case 413 -> ErrorCode.CONTEXT_TOO_LONG;
      case 429 -> ErrorCode.PROVIDER_RATE_LIMITED;
      case 503, 529 -> ErrorCode.PROVIDER_OVERLOADED;
      default ->
          status >= 400 && status < 500
              ? bySentence(error).orElse(ErrorCode.PROVIDER_REJECTED)
              : inStream(error);
    };
  }

  /** A status among the error's names, because a stream has no status of its own. */
  private static ErrorCode inStream(VendorError error) {
    return error.names().stream()
        .filter(name -> name.matches("400|403|429"))
        .findFirst()
        .map(name -> byStatus(Integer.parseInt(name), error))
        .or(() -> error.names().contains("invalid_request_error") ? bySentence(error) : none())
        .orElse(ErrorCode.PROVIDER_FAILED);
  }

  private static Optional<ErrorCode> bySentence(VendorError error) {
    String sentence = error.message().toLowerCase(Locale.ROOT);
    return SENTENCES.stream()
        .filter(known -> known.getKey().matcher(sentence).find())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static Optional<ErrorCode> none() {
    return Optional.empty();
  }
}
