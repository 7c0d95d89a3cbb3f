package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.TextBlock;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One message of a conversation: either plain text or a list of blocks.
 *
 * @param content text; null when there are blocks
 * @param contentBlocks parts; null when there is text
 * @param toolCallId the tool call that this is the result of; null unless the role is {@code tool}
 * @param isError whether the tool failed; nullable, and null unless the role is {@code tool}
 */
public record Message(
    MessageRole role,
    String content,
    @JsonProperty("content_blocks") List<ContentBlock> contentBlocks,
    @JsonProperty("tool_call_id") String toolCallId,
    @JsonProperty("is_error") Boolean isError) {

  public static Message text(MessageRole role, String content) {
    return new Message(role, content, null, null, null);
  }

  /** The parts in either form of the message. */
  @JsonIgnore
  public List<ContentBlock> parts() {
    return contentBlocks != null ? contentBlocks : List.of(new TextBlock(content));
  }

  /** All its text. */
  @JsonIgnore
  public String plainText() {
    return parts().stream()
        .filter(TextBlock.class::isInstance)
        .map(part -> ((TextBlock) part).text())
        .collect(Collectors.joining("\n"));
  }

  @JsonIgnore
  public boolean failed() {
    return Boolean.TRUE.equals(isError);
  }
}
