package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonTypeName;

/** Audio in a user's message. */
@JsonTypeName("audio")
public record AudioBlock(MediaSource source) implements ContentBlock {

  /** The format as OpenAI names it, for example {@code wav}. */
  public String format() {
    String type = String.valueOf(source.mediaType());
    return switch (type) {
      case "audio/wav", "audio/x-wav", "audio/wave" -> "wav";
      case "audio/mpeg", "audio/mp3" -> "mp3";
      default -> type.substring(type.indexOf('/') + 1);
    };
  }
}
