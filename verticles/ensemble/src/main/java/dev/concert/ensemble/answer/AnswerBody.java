package dev.concert.ensemble.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.luben.zstd.Zstd;
import dev.concert.bus.Json;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.error.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A kept answer as bytes: JSON lines, compressed with Zstandard. The first line is the whole answer
 * ({@code {"response":…}}) or why there is none ({@code {"problem":…}}); the others are the blocks
 * as they came.
 *
 * @param response as it was sent, to the letter; empty where there is none
 * @param problem why there is none
 * @param blocks as they were sent, each a line of JSON
 */
record AnswerBody(Optional<String> response, Optional<Problem> problem, List<String> blocks) {
  private static final String RESPONSE = "response ";
  private static final String PROBLEM = "problem ";

  static byte[] encode(CallReport.End end, List<Block> blocks) {
    StringBuilder lines = new StringBuilder();
    switch (end) {
      case CallReport.End.Answered answered ->
          lines.append(RESPONSE).append(json(answered.response()));
      case CallReport.End.Failed failed -> lines.append(PROBLEM).append(json(failed.problem()));
      case CallReport.End.Left left ->
          throw new IllegalArgumentException("What a client left is not kept");
    }
    for (Block block : blocks) {
      lines.append('\n').append(json(block));
    }
    return Zstd.compress(lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  static AnswerBody decode(byte[] bytes) {
    byte[] plain = Zstd.decompress(bytes, Math.toIntExact(Zstd.getFrameContentSize(bytes)));
    // Of JSON a line break is never a part.
    List<String> lines = List.of(new String(plain, StandardCharsets.UTF_8).split("\n"));
    String first = lines.getFirst();
    List<String> blocks = lines.subList(1, lines.size());
    return first.startsWith(RESPONSE)
        ? new AnswerBody(Optional.of(first.substring(RESPONSE.length())), Optional.empty(), blocks)
        : new AnswerBody(
            Optional.empty(), Optional.of(problem(first.substring(PROBLEM.length()))), blocks);
  }

  private static Problem problem(String json) {
    try {
      return Json.MAPPER.readValue(json, Problem.class);
    } catch (IOException e) {
      throw new UncheckedIOException("A kept answer cannot be read", e);
    }
  }

  private static String json(Object value) {
    try {
      return Json.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record of ours cannot be written: " + value.getClass(), e);
    }
  }
}
