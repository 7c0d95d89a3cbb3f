package dev.concert.ensemble.message;

import dev.concert.ensemble.block.AudioBlock;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.MediaSource;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.List;
import java.util.regex.Pattern;

/** Validates a request beyond the types of its fields; names the first wrong field. */
final class RequestValidator {
  private static final Pattern TOOL_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
  private static final int MAX_MODEL_NAME = 200;
  private static final int MAX_STOP_SEQUENCES = 128;

  private RequestValidator() {}

  static void check(InferenceRequest request) {
    require(
        present(request.model()) && request.model().length() <= MAX_MODEL_NAME,
        "model",
        "must be the name of a model");
    require(
        request.messages() != null && !request.messages().isEmpty(),
        "messages",
        "must be an array with at least one message");
    for (int i = 0; i < request.messages().size(); i++) {
      checkMessage(request.messages().get(i), "messages[" + i + "]");
    }
    require(
        request.maxTokens() == null || request.maxTokens() >= 1,
        "max_tokens",
        "must be at least 1");
    checkRange(request.temperature(), 2, "temperature");
    checkRange(request.topP(), 1, "top_p");
    require(request.topK() == null || request.topK() >= 1, "top_k", "must be at least 1");
    checkStopSequences(request.stopSequences());
    for (int i = 0; i < request.offeredTools().size(); i++) {
      checkTool(request.offeredTools().get(i), "tools[" + i + "]");
    }
    OptionValidator.check(request);
  }

  private static void checkMessage(Message message, String field) {
    require(message != null, field, "must be an object");
    require(message.role() != null, field + ".role", "is required");
    require(
        (message.content() == null) != (message.contentBlocks() == null),
        field,
        "must have either 'content' or 'content_blocks'");
    if (message.role() == MessageRole.TOOL) {
      require(present(message.toolCallId()), field + ".tool_call_id", "is required");
    }
    if (message.contentBlocks() != null) {
      for (int i = 0; i < message.contentBlocks().size(); i++) {
        checkBlock(
            message.role(), message.contentBlocks().get(i), field + ".content_blocks[" + i + "]");
      }
    }
  }

  private static void checkBlock(MessageRole role, ContentBlock block, String field) {
    require(block != null, field, "must be an object");
    switch (block) {
      case TextBlock text -> {
        require(text.text() != null, field + ".text", "is required");
        checkOpaque(text.opaque(), field);
      }
      case ThinkingBlock thinking -> {
        require(role == MessageRole.ASSISTANT, field, "may only be in a message of the assistant");
        require(thinking.text() != null, field + ".text", "is required");
        checkOpaque(thinking.opaque(), field);
      }
      case ToolCallBlock tool -> {
        require(role == MessageRole.ASSISTANT, field, "may only be in a message of the assistant");
        require(tool.call() != null, field + ".tool_call", "is required");
        require(present(tool.call().id()), field + ".tool_call.id", "is required");
        require(present(tool.call().name()), field + ".tool_call.name", "is required");
        checkOpaque(tool.opaque(), field);
      }
      case OpaqueBlock opaque -> {
        require(role == MessageRole.ASSISTANT, field, "may only be in a message of the assistant");
        require(opaque.opaque() != null, field + ".opaque", "is required");
        checkOpaque(opaque.opaque(), field);
      }
      case ImageBlock image -> checkSource(role, image.source(), field);
      case DocumentBlock document -> checkSource(role, document.source(), field);
      case AudioBlock audio -> checkSource(role, audio.source(), field);
    }
  }

  private static void checkSource(MessageRole role, MediaSource source, String field) {
    require(
        role == MessageRole.USER || role == MessageRole.TOOL,
        field,
        "may only be in a message of the user or of a tool");
    require(source != null, field + ".source", "is required");
    if (source.toBeFetched()) {
      require(
          source.url() != null && source.url().matches("https?://.+"),
          field + ".source.url",
          "must be a URL");
      return;
    }
    require("base64".equals(source.type()), field + ".source.type", "must be 'base64' or 'url'");
    require(present(source.mediaType()), field + ".source.media_type", "is required");
    require(present(source.data()), field + ".source.data", "is required");
  }

  private static void checkOpaque(Opaque opaque, String field) {
    require(
        opaque == null
            || (present(opaque.origin()) && opaque.json() != null && opaque.isReadable()),
        field + ".opaque",
        "must be the value that Ensemble sent: an origin and the text of a JSON object");
  }

  private static void checkTool(ToolDefinition tool, String field) {
    require(tool != null, field, "must be an object");
    require(
        tool.name() != null && TOOL_NAME.matcher(tool.name()).matches(),
        field + ".name",
        "must be 1 to 128 letters, digits, '_', '-' or '.'");
    require(
        tool.parameters() == null || tool.parameters().isNull() || tool.parameters().isObject(),
        field + ".parameters",
        "must be a JSON Schema object");
    require(
        !tool.runsAtProvider() || tool.serverTool().path("type").isTextual(),
        field + ".server_tool",
        "must be an object with a 'type'");
  }

  private static void checkStopSequences(List<String> sequences) {
    require(
        sequences == null
            || (sequences.size() <= MAX_STOP_SEQUENCES
                && sequences.stream().allMatch(s -> s != null && !s.isEmpty())),
        "stop_sequences",
        "must be at most " + MAX_STOP_SEQUENCES + " texts that are not empty");
  }

  private static void checkRange(Double value, int most, String field) {
    require(value == null || (value >= 0 && value <= most), field, "must be between 0 and " + most);
  }

  static boolean present(String text) {
    return text != null && !text.isBlank();
  }

  static void require(boolean holds, String field, String rule) {
    if (!holds) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, field + ": " + rule + ".");
    }
  }
}
